"""Findings: what is notable in the documents. Each queries/findings/*.rq is a SELECT of ?focus (and ?value, ?evidence)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.labels import labels_of
from graphsvc.namespaces import BASE, ONTOLOGY, SH
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Row
from graphsvc.validation.results import Result

_SEVERITIES = {"info": SH + "Info", "warning": SH + "Warning"}
_COMPONENT = SH + "SPARQLConstraintComponent"


def run(store: EmbeddedStore, content: Content) -> list[Result]:
    """Every finding in the default graph of `store`, by query and thing."""
    return [result for path in content.queries("findings") for result in run_one(store, content, path)]


def run_one(store: EmbeddedStore, content: Content, path: Path) -> list[Result]:
    """What the finding at `path` finds; BadFile where its header or its columns are not as they should be."""
    header, query = headers.read(path)
    messages, advice = (headers.translated(header, key, path) for key in ("message", "advice"))
    severity = _SEVERITIES.get(header.get("severity", "info"))
    if severity is None:
        raise BadFile(path, f"Allvaret {header['severity']} finns inte.", "Skriv severity: info eller warning.")
    table = store.select(query)
    if "focus" not in table.variables:
        raise BadFile(path, "Frågan ger ingen ?focus.", "Låt SELECT ge ?focus, och gärna ?value och ?evidence.")
    iris = {term.value for row in table.rows for term in row.values() if isinstance(term, Iri)}
    names = {language: labels_of(store, content, iris, language) for language in messages}
    found = []
    for row in table.rows:
        texts = {language: _filled(text, row, names[language]) for language, text in messages.items()}
        evidence = row["evidence"].value if "evidence" in row else None
        shape = f"{ONTOLOGY}/finding/{path.stem}"
        found.append(Result(row["focus"], shape, _COMPONENT, texts, None, row.get("value"), severity, evidence, advice))
    return sorted(found, key=lambda r: (r.focus.value, r.value.value if r.value else ""))


def _filled(text: str, row: Row, names: dict[str, str]) -> str:
    for variable, term in row.items():
        text = text.replace("{" + variable + "}", names.get(term.value, term.value))
    return text


def as_ntriples(results: Iterable[Result]) -> bytes:
    """The findings as SHACL results with addresses of their own, and the evidence each rests on."""
    numbered: dict[str, int] = {}
    out = []
    for result in results:
        stem = result.shape.rsplit("/", 1)[-1]
        numbered[stem] = numbered.get(stem, 0) + 1
        iri = f"{BASE}id/finding/{stem}/{numbered[stem]}"
        out.append(result.ntriples(iri))
        if result.evidence:
            out.append(f"<{iri}> <{ONTOLOGY}#evidence> <{result.evidence}> .\n")
    return "".join(out).encode()
