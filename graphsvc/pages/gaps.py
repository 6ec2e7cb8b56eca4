"""The page of gaps and warnings: every finding as a work item, by kind, with what it means and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphsvc import headers
from graphsvc.labels import PassageText, bind, labels_of, passages_of
from graphsvc.namespaces import SH, STYR
from graphsvc.pages.fields import MOST_CHOICES, drafts, name_field
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.kept import kept
from graphsvc.pages.sections import meant, shown
from graphsvc.pages.tables import Heading, Table
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.terms import Iri, Literal, Row, sort_key

_MOST = 2000
_MOST_OF_KIND, _MOST_SHOWN = 40, 150
_COLUMNS = {"focus": ("Gäller", "About"), "kind": ("Slag", "Kind"), "severity": ("Allvar", "Severity"),
            "message": ("Iakttagelse", "Finding"), "advice": ("Att göra", "To do"),
            "document": ("Dokument", "Document")}  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """One work item: its kind (the stem of its file), what it is about, its words, its documents, its passages, and whether
    any of those documents is only a förslag."""

    kind: str
    warning: bool
    focus: Cell
    message: str
    documents: tuple[Cell, ...]
    passages: tuple[PassageText, ...]
    draft: bool = False


@dataclass(frozen=True)
class Kind:
    """The work items of one kind: its stem and title, whether it warns, what it means, what to do, and the items."""

    id: str
    title: str
    warning: bool
    meaning: str
    advice: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class _Found:
    gaps: tuple[Gap, ...]
    cut: bool


def page(visit: Visit) -> Page:
    """All gaps, or those of ?document= and of ?kind=."""
    everything = _found(visit, "")
    documents = _documents(everything)
    choices = documents if len(documents) <= MOST_CHOICES else ()
    field = name_field(visit, "document", visit.say("Dokument", "Document"), [STYR + "Document"], choices)
    found = _of_document(everything, visit, field.iri) if field.iri else everything
    chosen = visit.query.get("kind", "")
    asked = {"document": field.told} if field.value else {}
    kinds = _kinds(visit, [gap for gap in found.gaps if chosen in ("", gap.kind)])
    counts = {kind.id: (kind.title, len(kind.gaps)) for kind in _kinds(visit, found.gaps)}
    title = visit.say("Luckor och varningar", "Gaps and warnings")
    lead = visit.say(
        "Vad som fattas eller inte stämmer i dokumenten, som en lista att arbeta av.",
        "What is missing or does not agree in the documents, as a list to work through.",
    )
    return visit.page("luckor", title, lead, query=asked | ({"kind": chosen} if chosen else {}), status=field.status,
                      tables=[_table(visit, title, kinds)] if kinds else [], field=field, kinds=kinds, counts=counts,
                      chosen=chosen, asked=asked, cut=found.cut,
                      warnings=sum(len(kind.gaps) for kind in kinds if kind.warning),
                      notes=sum(len(kind.gaps) for kind in kinds if not kind.warning),
                      most=_MOST_SHOWN if chosen else _MOST_OF_KIND)  # fmt: skip


PAGES: dict[str, Maker] = {"/luckor": page}


def _found(visit: Visit, document: str) -> _Found:
    """The gaps of the document with that IRI, or of all."""
    return kept(visit.graph, ("gaps", document, visit.language), lambda: _read(visit, document))


def _of_document(everything: _Found, visit: Visit, iri: str) -> _Found:
    if everything.cut:
        return _found(visit, iri)
    return _Found(tuple(gap for gap in everything.gaps if any(cell.term.value == iri for cell in gap.documents)), False)


def _read(visit: Visit, document: str) -> _Found:
    graph = visit.graph
    which = bind(graph.content.lookup("gaps-of-document"), {"document": [Iri(document)]}) if document else ""
    found = graph.store.select(which or graph.content.lookup("gaps-all")).rows
    grouped: dict[str, list[Row]] = defaultdict(list)
    told = bind(graph.content.lookup("gaps"), {"finding": [row["finding"] for row in found]})
    for row in graph.store.select(told).rows if found else ():
        grouped[row["finding"].value].append(row)
    rows = [row for some in grouped.values() for row in some]
    named = labels_of(graph.store, graph.content, _all(rows, "focus") | _all(rows, "about"), visit.language)
    words = passages_of(graph.store, graph.content, _all(rows, "evidence"))
    draft = drafts(graph, _all(rows, "about"))
    gaps = [_gap(some, named, words, draft, visit.language) for some in grouped.values()]
    return _Found(tuple(sorted(gaps, key=lambda gap: (sort_key(gap.focus.text), gap.message))[:_MOST]), len(gaps) > _MOST)


def _all(rows: Iterable[Row], name: str) -> set[str]:
    return {row[name].value for row in rows if name in row}


def _gap(rows: list[Row], named: Mapping[str, str], words: Mapping[str, PassageText], draft: set[str], language: str) -> Gap:
    first = rows[0]
    messages = {getattr(row["message"], "language", ""): row["message"].value for row in rows}
    focus = first["focus"]
    documents = {row["about"].value: row["about"] for row in rows if "about" in row}
    cells = [Cell(term, named.get(iri, iri)) for iri, term in documents.items()]
    return Gap(
        first["kind"].value.rsplit("/", 1)[-1],
        first["level"].value == SH + "Warning",
        Cell(focus, named.get(focus.value, focus.value)),
        messages.get(language) or messages.get("sv") or first["message"].value,
        tuple(sorted(cells, key=lambda cell: sort_key(cell.text))),
        tuple(words[iri] for iri in sorted(_all(rows, "evidence")) if iri in words),
        not draft.isdisjoint(documents),
    )


def _kinds(visit: Visit, gaps: Iterable[Gap]) -> list[Kind]:
    """The gaps by kind, warnings first, each in Swedish order."""
    told = kept(visit.graph, "kinds of gaps", lambda: _headers(visit))
    grouped: dict[str, list[Gap]] = defaultdict(list)
    for gap in gaps:
        grouped[gap.kind].append(gap)
    kinds = [_kind(kind, some, told.get(kind, {}), visit.language) for kind, some in grouped.items()]
    return sorted(kinds, key=lambda kind: (not kind.warning, sort_key(kind.title)))


def _headers(visit: Visit) -> dict[str, dict[str, dict[str, str]]]:
    """What the file of each kind says of it: title, meaning and advice, by language."""
    paths: list[Path] = visit.graph.content.queries("findings")
    keys = ("title", "meaning", "advice")
    return {path.stem: {key: headers.translated(header, key, path) for key in keys if key in header}
            for path in paths for header, _ in [headers.read(path)]}  # fmt: skip


def _kind(kind: str, gaps: list[Gap], told: Mapping[str, Mapping[str, str]], language: str) -> Kind:
    said = {key: told.get(key, {}).get(language, "") for key in ("title", "meaning", "advice")}
    return Kind(kind, said["title"] or kind, gaps[0].warning, said["meaning"], said["advice"], tuple(gaps))


def _documents(found: _Found) -> list[tuple[str, str]]:
    """(what an address holds, label) of the documents that have a gap, in Swedish order."""
    named = {cell.term.value: cell.text for gap in found.gaps for cell in gap.documents}
    return sorted(((shown(iri), text) for iri, text in named.items()), key=lambda pair: sort_key(pair[1]))


def _table(visit: Visit, title: str, kinds: Iterable[Kind]) -> Table:
    columns = tuple(Heading(name, visit.say(*label)) for name, label in _COLUMNS.items())
    parameters = tuple(
        (visit.say("Dokument", "Document"), meant(value)) for name, value in visit.query.items() if name == "document"
    )
    return Table(
        title, columns, tuple(_row(visit, kind, gap) for kind in kinds for gap in kind.gaps), "findings", parameters
    )


def _row(visit: Visit, kind: Kind, gap: Gap) -> AnswerRow:
    severity = visit.say("varning", "warning") if gap.warning else visit.say("upplysning", "note")
    texts = {"kind": kind.title, "severity": severity, "message": gap.message, "advice": kind.advice,
             "document": "; ".join(cell.text for cell in gap.documents)}  # fmt: skip
    cells = {"focus": gap.focus} | {name: Cell(Literal(text), text) for name, text in texts.items() if text}
    return AnswerRow(cells, gap.passages)
