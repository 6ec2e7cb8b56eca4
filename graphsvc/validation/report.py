"""Check results as work items that name things by their labels, by document, as text, JSON, Turtle or HTML."""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphsvc.content import Content, line_of
from graphsvc.labels import bind, labels_of, passages_of
from graphsvc.namespaces import BASE, RDF, SH, XSD, shorten
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Term, sort_key
from graphsvc.validation.results import Result

_WORDS = {
    "sv": {"fault": "FEL", "warning": "VARNING", "info": "NOTERAT", "line": "rad", "sound": "Inga fel", "title": "Kontroll",
           "value": "gäller", "faults": "fel", "findings": "anmärkningar", "do": "Gör så här", "kind": "Slag",
           "document": "Dokument", "thing": "Vad", "message": "Meddelande", "words": "Källans ord", "place": "Fil"},
    "en": {"fault": "FAULT", "warning": "WARNING", "info": "NOTE", "line": "line", "sound": "No faults", "title": "Check",
           "value": "concerns", "faults": "faults", "findings": "findings", "do": "What to do", "kind": "Kind",
           "document": "Document", "thing": "What", "message": "Message", "words": "Source’s words", "place": "File"},
}  # fmt: skip
_KIND = {SH + "Violation": "fault", SH + "Warning": "warning", SH + "Info": "info"}


@dataclass(frozen=True)
class WorkItem:
    """One thing to do or to know: where (document, file, line), about what, and why (`result`, `quote`)."""

    result: Result
    document: str
    label: str
    value: str | None
    quote: str | None
    file: Path | None
    line: int | None

    @property
    def kind(self) -> str:
        """fault, warning or info."""
        return _KIND[self.result.severity]


def work_items(
    results: Iterable[Result], store: EmbeddedStore, content: Content, language: str = "sv", files: Sequence[Path] = ()
) -> list[WorkItem]:
    """`results` with labels, quotations and places in `files` (all data files unless given), by document.

    A fault is a work item of the document where its thing stands; a finding, of the text whose words it rests on.
    """
    results = list(results)
    iris = {t.value for r in results for t in (r.focus, r.value) if isinstance(t, Iri)}
    homes = _homes(store, content, iris)
    labels = labels_of(store, content, {*iris, *homes.values()}, language)
    quotes = passages_of(store, content, {iri for r in results if (iri := _evidence(r))})
    items = []
    for result in results:
        passage = quotes.get(_evidence(result) or "")
        file, line = _place(result.focus, files or content.data) if _KIND[result.severity] == "fault" else (None, None)
        home = labels.get(homes.get(result.focus.value, ""))
        words = passage.source_title if passage else None
        items.append(
            WorkItem(
                result,
                ((words or home) if result.evidence else (home or words)) or (file.name if file else "–"),
                _named(result.focus, labels),
                _named(result.value, labels) if result.value is not None else None,
                passage.quote if passage else None,
                file,
                line,
            )
        )
    return sorted(
        items, key=lambda item: (sort_key(item.document), item.kind != "fault", item.line or 0, sort_key(item.label))
    )


def _evidence(result: Result) -> str | None:
    """The evidence that a result rests on, or that its thing carries."""
    return result.evidence or (result.focus.value + "/passage" if isinstance(result.focus, Iri) else None)


def _homes(store: EmbeddedStore, content: Content, iris: set[str]) -> dict[str, str]:
    if not iris:
        return {}
    table = store.select(bind(content.lookup("homes"), {"thing": [Iri(iri) for iri in sorted(iris)]}))
    return {row["thing"].value: row["home"].value for row in reversed(table.rows)}


def _named(term: Term, labels: dict[str, str]) -> str:
    if isinstance(term, Iri):
        return labels.get(term.value) or shorten(term.value).removeprefix(BASE)
    return f"”{term.value}”"


def _place(focus: Term, files: Iterable[Path]) -> tuple[Path | None, int | None]:
    for path in files:
        line = line_of(path, focus.value) if isinstance(focus, Iri) else _line_of_text(path, focus.value)
        if line:
            return path, line
    return None, None


def _line_of_text(path: Path, words: str) -> int | None:
    text = path.read_text("utf-8")
    at = text.find(words)
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def as_text(items: Sequence[WorkItem], language: str) -> str:
    """The work items for a terminal."""
    words, lines, document = _WORDS[language], [], None
    for item in items:
        if item.document != document:
            document = item.document
            lines += ["", document]
        place = f" {item.file.name}, {words['line']} {item.line}:" if item.file else ""
        lines.append(f"  {words[item.kind]}{place} {item.label}: {item.result.message(language)}")
        if item.value and item.kind == "fault":
            lines.append(f"      {words['value']}: {item.value}")
        if item.quote:
            lines.append(f"      ”{item.quote}”")
        if advice := item.result.advice.get(language):
            lines.append(f"      {words['do']}: {advice}")
    return "\n".join([*lines, "", _summary(items, language)]).lstrip("\n")


def _summary(items: Sequence[WorkItem], language: str) -> str:
    words = _WORDS[language]
    faults = sum(item.kind == "fault" for item in items)
    told = f"{faults} {words['faults']}" if faults else words["sound"]
    return f"{told}, {len(items) - faults} {words['findings']}."


def as_json(items: Sequence[WorkItem], language: str) -> str:
    """The work items as a JSON list."""
    return json.dumps(
        [
            {
                "kind": item.kind,
                "document": item.document,
                "file": item.file.name if item.file else None,
                "line": item.line,
                "thing": item.result.focus.value,
                "label": item.label,
                "message": item.result.message(language),
                "advice": item.result.advice.get(language),
                "value": item.value,
                "quote": item.quote,
                "shape": item.result.shape,
            }
            for item in items
        ],
        ensure_ascii=False,
        indent=2,
    )


def as_ntriples(items: Sequence[WorkItem]) -> str:
    """The results as a SHACL validation report (SHACL §3.6), in N-Triples, which is Turtle too."""
    report = f"{BASE}id/report"
    conforms = str(not any(item.kind == "fault" for item in items)).lower()
    lines = [
        f"<{report}> <{RDF}type> <{SH}ValidationReport> .\n",
        f'<{report}> <{SH}conforms> "{conforms}"^^<{XSD}boolean> .\n',
    ]
    for number, item in enumerate(items, start=1):
        lines.append(f"<{report}> <{SH}result> <{report}/{number}> .\n" + item.result.ntriples(f"{report}/{number}"))
    return "".join(lines)


def as_html(items: Sequence[WorkItem], language: str) -> str:
    """The work items as a page of its own."""
    words = _WORDS[language]
    head = "".join(f"<th>{words[name]}</th>" for name in ("kind", "document", "thing", "message", "do", "words", "place"))
    rows = f"<tr>{head}</tr>\n" + "".join(
        f"<tr><td>{words[i.kind]}</td><td>{html.escape(i.document)}</td><td>{html.escape(i.label)}</td>"
        f"<td>{html.escape(i.result.message(language))}</td><td>{html.escape(i.result.advice.get(language, ''))}</td>"
        f"<td>{html.escape(i.quote or '')}</td>"
        f"<td>{html.escape(f'{i.file.name}:{i.line}' if i.file else '')}</td></tr>\n"
        for i in items
    )
    return (
        f'<!doctype html>\n<html lang="{language}"><meta charset="utf-8"><title>Styrgraf: {words["title"]}</title>\n'
        f"<h1>{words['title']}</h1><p>{_summary(items, language)}</p>\n<table>\n{rows}</table></html>\n"
    )
