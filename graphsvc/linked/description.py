"""What is said of a thing and what points at it: as data to show, with labels and passages, and as triples."""

from __future__ import annotations

from collections.abc import Iterable

from graphsvc.content import Content
from graphsvc.formats import Format
from graphsvc.labels import bind
from graphsvc.linked.arrangement import Description, Name, Words, best_names, by_name, in_language
from graphsvc.linked.triples import serialise
from graphsvc.namespaces import RDFS, STYR
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, Row, Term

MOST_POINTING = 1000
MOST_COUNTED = 100_000
_PART = 2  # of description-document.rq's degrees of nearness: the thing itself, a part of it, its text
_LABEL = RDFS + "label"
_EVIDENCE = frozenset((STYR + "evidence", STYR + "throughEvidence"))


class Describer:
    """Describes the things of a release's `store`, and of `more`: definitions that are told by files, not by the store."""

    def __init__(self, store: Store, content: Content, more: Store) -> None:
        self._stores, self._store, self._content = (store, more), store, content

    def knows(self, iri: str) -> bool:
        """Whether anything is said of `iri`, or points at it."""
        return bool(self._all("description-exists", "thing", [iri]))

    def triples(self, iri: str, format: Format) -> bytes | None:
        """What is said of `iri`, its evidence, what points at it (at most a thousand) and the labels of all that is named.

        In `format` (ttl, nt, rdf or jsonld), the same bytes each time; None if there is nothing to say.
        """
        said = self._all("description", "thing", [iri])
        pointing = self._all("description-pointing", "thing", [iri])[:MOST_POINTING]
        if not said and not pointing:
            return None
        evidence = [row["value"].value for row in said if row["property"].value in _EVIDENCE]
        found: set[tuple[Term, Term, Term]] = {(Iri(iri), row["property"], row["value"]) for row in said}
        found |= {(row["subject"], row["property"], Iri(iri)) for row in pointing}
        found |= {(r["subject"], r["property"], r["value"]) for r in self._all("description-evidence", "evidence", evidence)}
        named = {term.value for triple in found for term in triple if isinstance(term, Iri)}
        found |= {(row["thing"], Iri(_LABEL), row["label"]) for row in self._all("labels", "thing", named)}
        return serialise(self._content, iri, found, format)

    def describe(self, iri: str, language: str) -> Description | None:
        """What a page in `language` tells of `iri`; None if there is nothing to say."""
        said = self._all("description", "thing", [iri])
        pointing = self._all("description-pointing", "thing", [iri])
        if not said and not pointing:
            return None
        kinds = [row["kind"].value for row in self._all("description-kinds", "thing", [iri])]
        own = [kind for kind in kinds if kind.startswith(STYR)] or kinds
        home = min(self._all("description-document", "thing", [iri]), key=lambda row: row["nearness"].value, default={})
        stated = self._all("description-statements", "thing", [iri])
        passages = self._passages([iri] + [row["value"].value for row in said if row["property"].value in _EVIDENCE]
                                  + [row["evidence"].value for row in stated if "evidence" in row])  # fmt: skip
        shown = {row["statement"].value for row in stated}
        left = [row for row in pointing[:MOST_POINTING] if row["subject"].value not in shown]
        named = {iri, *own, *(term.value for row in (*said, home, *stated, *left, *passages.values())
                              for key, term in row.items() if key != "evidence" and isinstance(term, Iri))}  # fmt: skip
        words = Words(self._names(named, language), passages, self._sections())
        sections = words.sections(said)
        return Description(
            words.name(iri),
            tuple(sorted(map(words.name, own), key=by_name)),
            words.name(home["document"].value) if home else None,
            words.name(home["status"].value) if home else None,
            bool(home) and int(home["nearness"].value) > _PART,
            in_language([v.value for v in sections["lead"] if isinstance(v.value, Literal)], language),
            words.passages([iri, *(v.value.value for v in sections["passage"])]),
            words.facts(sections["fact"]),
            words.facts(sections["name"]),
            words.statements(stated),
            words.pointing(left),
            words.facts([*sections["machine"], *sections["passage"]]),
            self._left_out(iri) if len(pointing) > MOST_POINTING else 0,
        )

    def _all(self, lookup: str, name: str, iris: Iterable[str]) -> list[Row]:
        """The rows of a lookup about `iris`, from the release and from the definitions, each once."""
        wanted = [Iri(iri) for iri in sorted(set(iris))]
        if not wanted:
            return []
        query = bind(self._content.lookup(lookup), {name: wanted})
        rows = [row for store in self._stores for row in store.select(query).rows]
        return list({tuple(row.items()): row for row in rows}.values())

    def _sections(self) -> dict[str, str]:
        rows = self._store.select(self._content.lookup("description-sections")).rows
        return {row["property"].value: row["section"].value for row in rows}

    def _names(self, iris: Iterable[str], language: str) -> dict[str, Name]:
        """What `iris` are called: by their own labels, otherwise by what they say again or the words that they hold."""
        wanted = set(iris)
        names = best_names(self._all("labels", "thing", wanted), language)
        return names | best_names(self._all("description-labels", "thing", wanted - set(names)), language)

    def _passages(self, evidence: Iterable[str]) -> dict[str, Row]:
        return {row["evidence"].value: row for row in self._all("description-passages", "evidence", evidence)}

    def _left_out(self, iri: str) -> int | None:
        query = bind(self._content.lookup("description-pointing-count"), {"thing": [Iri(iri)]})
        count = int(self._store.select(query).rows[0]["count"].value)
        return count - MOST_POINTING if count <= MOST_COUNTED else None
