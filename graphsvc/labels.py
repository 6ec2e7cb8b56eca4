"""Labels and passages of many things at once, by one query each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graphsvc.content import Content
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Term


@dataclass(frozen=True)
class PassageText:
    """The words that carry a fact: the source text's IRI and title, the heading, the quotation, and the page if known."""

    iri: str
    source: str
    source_title: str
    heading: str | None
    quote: str
    page: int | None


def bind(query: str, values: Mapping[str, Iterable[Term]]) -> str:
    """`query` with the data of every `VALUES ?name { … }` block whose name is in `values` replaced by those terms.

    The terms are serialised, never pasted, so the query stays the query that its file shows.
    """
    for name, terms in values.items():
        block = f"VALUES ?{name} {{ {' '.join(term.sparql() for term in terms)} }}"
        query = re.sub(rf"VALUES\s+\?{name}\s*\{{[^}}]*\}}", block.replace("\\", "\\\\"), query)
    return query


def labels_of(store: Store, content: Content, iris: Iterable[str], language: str) -> dict[str, str]:
    """The label of each of `iris` that has one, in `language` if there is such a one, otherwise in Swedish."""
    wanted = sorted(set(iris))
    if not wanted:
        return {}
    table = store.select(bind(content.lookup("labels"), {"thing": map(Iri, wanted)}))
    ranked: dict[str, tuple[int, str]] = {}
    for row in table.rows:
        label = row["label"]
        tag = getattr(label, "language", "")
        rank = 0 if tag == language else 1 if tag == "sv" else 2
        thing = row["thing"].value
        ranked[thing] = min(ranked.get(thing, (9, "")), (rank, label.value))
    return {thing: label for thing, (_, label) in ranked.items()}


def passages_of(store: Store, content: Content, evidence: Iterable[str]) -> dict[str, PassageText]:
    """The words behind each of `evidence` (IRIs of oa:SpecificResource)."""
    wanted = sorted(set(evidence))
    if not wanted:
        return {}
    table = store.select(bind(content.lookup("evidence"), {"evidence": map(Iri, wanted)}))
    found = {}
    for row in table.rows:
        page, heading = row.get("page"), row.get("heading")
        found[row["evidence"].value] = PassageText(
            row["evidence"].value,
            row["source"].value,
            row["title"].value,
            heading.value if heading else None,
            row["quote"].value,
            int(page.value) if page else None,
        )
    return found
