"""The page that compares: two actors, activity by activity; or a document's own structure and the one that is proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from graphsvc.chains.wording import capital
from graphsvc.labels import PassageText
from graphsvc.markup import Link
from graphsvc.namespaces import PREFIXES, RANK, STYR
from graphsvc.pages.duties import LETTERS
from graphsvc.pages.fields import NameField, choices, drafts, name_field, status_of
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.sections import link_of, shown
from graphsvc.pages.tables import Heading, Table, of_answer
from graphsvc.questions.run import Answer, AnswerRow, Cell, Inquiry
from graphsvc.terms import Iri, Literal, sort_key

_MOST_OTHERS, _MOST_LOOKED_AT, _MOST_ROWS = 12, 200, 30
_DIRECT = PREFIXES["via"] + "direct"
_ROLES = list(LETTERS)
_WHERE = ("activity", "document", "status")
_DROPPED, _EMPTY_AREA = "utgår", "målområde utan aktivitet"  # as dropped-moved-unplaced says


@dataclass(frozen=True)
class Entry:
    """Something in a structure, and what happens to it as the response proposes (in words, or nothing)."""

    thing: Cell
    fate: str


@dataclass(frozen=True)
class Heap:
    """What stands under one heading of a structure; the heading may have no thing of its own."""

    heading: Cell | None
    fate: str
    entries: tuple[Entry, ...]


class SideBySide(Table):
    """A table whose two sides stand beside one another in every row, also where they are the same in all."""

    @cached_property
    def shared(self) -> tuple[tuple[Heading, Cell], ...]:
        """Only where it says so is told once above."""
        return tuple((column, cell) for column, cell in super().shared if column.name in _WHERE)


@dataclass(frozen=True)
class Group:
    """One part of a comparison: its anchor, title and table."""

    anchor: str
    title: str
    table: Table


def page(visit: Visit) -> Page:
    """With ?a= and ?b=: two actors; with ?document=: two structures; else the forms."""
    one = name_field(visit, "a", visit.say("Ena aktören", "One actor"), [STYR + "Actor"])
    other = name_field(visit, "b", visit.say("Andra aktören", "Other actor"), [STYR + "Actor"])
    listed = choices(visit, "restructured-documents")
    document = name_field(visit, "document", visit.say("Dokument", "Document"), [STYR + "Document"], listed)
    fields = one, other, document
    if document.iri:
        return _structures(visit, fields)
    if one.iri and other.iri:
        return _actors(visit, fields)
    return _page(visit, fields, visit.say("Jämför", "Compare"), others=_others(visit, one) if one.iri else ())


PAGES: dict[str, Maker] = {"/jamfor": page}


def _page(visit: Visit, fields: tuple[NameField, NameField, NameField], title: str, **values: Any) -> Page:
    one, other, document = fields
    lead = visit.say("Två aktörer sida vid sida, eller ett dokuments egen indelning och den som ett yttrande föreslår.",
                     "Two actors side by side, or a document’s own structure and the one a response proposes.")  # fmt: skip
    told: dict[str, Any] = {
        "groups": (),
        "figures": (),
        "others": (),
        "own": (),
        "proposed": (),
        "compared": False,
        "nothing": "",
    }
    groups: Iterable[Group] = values.get("groups", ())
    given = (document,) if document.value else (one, other)
    query = {field.name: field.told for field in given if field.value}
    tables = [group.table for group in groups if group.table.rows]
    crumbs = [visit.crumb("Jämför", "Compare", "/jamfor")] if values.get("compared") else []
    return visit.page("jamfor", title, lead, query=query, tables=tables, crumbs=crumbs, status=status_of(fields), a=one,
                      b=other, document=document, most=_MOST_ROWS,
                      draft=bool(drafts(visit.graph, [document.iri])), **(told | values))  # fmt: skip


def _others(visit: Visit, one: NameField) -> list[Link]:
    """Whom an actor can well be compared with: those in the same activities."""
    asked = Inquiry(visit.graph.questions["collaborators-of-actor"], {"actor": Iri(one.iri)}, _MOST_LOOKED_AT)
    answer = visit.graph.answers([asked], visit.language)[0]
    cells = dict.fromkeys(row.cells["other"] for row in answer.rows if "other" in row.cells)
    return [
        Link(cell.text, visit.go("/jamfor", a=one.told, b=shown(cell.term.value))) for cell in list(cells)[:_MOST_OTHERS]
    ]


def _actors(visit: Visit, fields: tuple[NameField, NameField, NameField]) -> Page:
    a, b, _ = fields
    mine, yours = (_by_activity(visit.graph.answer("activities-involving-actor", {"actor": field.iri}, visit.language))
                   for field in (a, b))  # fmt: skip
    both = [iri for iri in mine if iri in yours]
    shared = [_beside(visit, mine[iri], yours[iri]) for iri in both]
    only = visit.say("Bara", "Only")
    groups = [
        Group("bada", visit.say("Båda", "Both"), _shared_table(visit, shared, (a, b))),
        Group("bara-a", f"{only} {a.value}", _one_table(visit, [mine[iri] for iri in mine if iri not in yours], a)),
        Group("bara-b", f"{only} {b.value}", _one_table(visit, [yours[iri] for iri in yours if iri not in mine], b)),
    ]
    title = visit.say(f"{a.value} och {b.value}", f"{a.value} and {b.value}")
    figures = [(len(group.table.rows), group.title, group.anchor) for group in groups]
    return _page(visit, fields, title, groups=groups, figures=figures, compared=True)


def _by_activity(answer: Answer) -> dict[str, list[AnswerRow]]:
    """The rows by the IRI of the activity, named itself and weightiest first; not preferred only where nothing else is."""
    grouped: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in answer.rows:
        grouped[row.cells["activity"].term.value].append(row)
    return {iri: sorted([row for row in rows if _preferred(row)] or rows, key=_weight) for iri, rows in grouped.items()}


def _preferred(row: AnswerRow) -> bool:
    return "rank" not in row.cells or row.cells["rank"].term.value == RANK + "preferred"


def _weight(row: AnswerRow) -> tuple[bool, int]:
    kind = row.cells["role"].term.value.rsplit("/", 1)[-1]
    return row.cells["via"].term.value != _DIRECT, _ROLES.index(kind) if kind in _ROLES else len(_ROLES)


def _how(visit: Visit, rows: Sequence[AnswerRow]) -> Cell:
    """How an actor comes to be in an activity: named itself, or through whom; and its further roles."""
    told = [_way(visit, rows[0])]
    for row in rows[1:]:
        if row.cells["role"] != rows[0].cells["role"]:
            told.append(f"{visit.say('även', 'also')} {row.cells['role'].text.lower()} {_way(visit, row)}")
    if not _preferred(rows[0]):
        told.append(visit.say("inte föredraget", "not preferred"))
    return _text("; ".join(dict.fromkeys(told)))


def _way(visit: Visit, row: AnswerRow) -> str:
    if row.cells["via"].term.value == _DIRECT:
        return visit.say("nämns själv", "named itself")
    return (
        f"{visit.say('genom', 'through')} {row.cells['through'].text}" if "through" in row.cells else row.cells["via"].text
    )


def _where(row: AnswerRow) -> dict[str, Cell]:
    return {name: row.cells[name] for name in _WHERE if name in row.cells}


def _passages(*several: Iterable[AnswerRow]) -> tuple[PassageText, ...]:
    return tuple(dict.fromkeys(passage for rows in several for row in rows for passage in row.evidence))


def _beside(visit: Visit, mine: Sequence[AnswerRow], yours: Sequence[AnswerRow]) -> AnswerRow:
    cells = _where(mine[0]) | {"aRole": mine[0].cells["role"], "aHow": _how(visit, mine),
                               "bRole": yours[0].cells["role"], "bHow": _how(visit, yours)}  # fmt: skip
    return AnswerRow(cells, _passages(mine, yours))


def _shared_table(visit: Visit, rows: Sequence[AnswerRow], fields: tuple[NameField, NameField]) -> Table:
    a, b = (field.value for field in fields)
    how = visit.say("hur", "how")
    activity = visit.say("Aktivitet", "Activity")
    columns = {"activity": activity, "aRole": a, "aHow": f"{a}, {how}", "bRole": b, "bHow": f"{b}, {how}"}
    empty = visit.say("De är inte i någon aktivitet båda två.", "There is no activity that both are in.")
    table = _table(visit, visit.say("Båda", "Both"), columns, rows, empty)
    return SideBySide(table.title, table.columns, table.rows, table.question, empty=empty)


def _one_table(visit: Visit, groups: Iterable[Sequence[AnswerRow]], field: NameField) -> Table:
    rows = [
        AnswerRow(_where(some[0]) | {"role": some[0].cells["role"], "how": _how(visit, some)}, _passages(some))
        for some in groups
    ]
    columns = {
        "activity": visit.say("Aktivitet", "Activity"),
        "role": visit.say("Roll", "Role"),
        "how": visit.say("Hur", "How"),
    }
    empty = visit.say("Ingen aktivitet som inte den andra också är i.", "No activity that the other is not in too.")
    return _table(visit, f"{visit.say('Bara', 'Only')} {field.value}", columns, rows, empty)


def _table(visit: Visit, title: str, columns: Mapping[str, str], rows: Sequence[AnswerRow], empty: str) -> Table:
    more = {"document": visit.say("Dokument", "Document"), "status": visit.say("Status", "Status")}
    heads = tuple(Heading(name, label) for name, label in {**columns, **more}.items())
    ordered = tuple(sorted(rows, key=lambda row: sort_key(row.cells["activity"].text)))
    return Table(title, heads, ordered, "activities-involving-actor", empty=empty)


def _structures(visit: Visit, fields: tuple[NameField, NameField, NameField]) -> Page:
    document = fields[2]
    answer = visit.graph.answer("dropped-moved-unplaced", {"document": document.iri}, visit.language)
    whole = of_answer(answer, link=link_of(answer))
    by_fate: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in answer.rows:
        by_fate[_fate(row)].append(row)
    groups = [_fate_group(whole, number, fate, rows) for number, (fate, rows) in enumerate(by_fate.items())]
    title = visit.say(f"Indelningen av {document.value}", f"The structure of {document.value}")
    figures = [(len(group.table.rows), group.title, group.anchor) for group in groups]
    return _page(visit, fields, title, groups=groups, figures=figures, compared=True, own=_own(answer.rows),
                 proposed=_proposed(visit, answer.rows), nothing=whole.empty)  # fmt: skip


def _fate(row: AnswerRow) -> str:
    return capital(row.cells["fate"].text)


def _fate_group(whole: Table, number: int, title: str, rows: Sequence[AnswerRow]) -> Group:
    columns = tuple(column for column in whole.columns if column.name != "fate")
    return Group(f"ode-{number}", title, Table(title, columns, tuple(rows), whole.question, whole.parameters, whole.sparql,
                                               whole.empty, whole.link))  # fmt: skip


def _own(rows: Iterable[AnswerRow]) -> list[Heap]:
    """The document's own sections with what stands in each, and what happens to it."""
    entries: dict[Cell | None, list[Entry]] = defaultdict(list)
    dropped: dict[str, str] = {}
    for row in rows:
        fate, element = row.cells["fate"].term.value, row.cells["element"]
        if fate == _DROPPED:
            dropped[element.term.value] = _fate(row)
            entries.setdefault(element, [])
        elif fate != _EMPTY_AREA:
            entries[row.cells.get("section")].append(Entry(element, _fate(row)))
    heaps = [
        Heap(heading, dropped.get(heading.term.value, "") if heading else "", tuple(some))
        for heading, some in entries.items()
    ]
    return sorted(heaps, key=_named)


def _proposed(visit: Visit, rows: Iterable[AnswerRow]) -> list[Heap]:
    """The target areas with what the response places in each; those that it leaves empty, too."""
    entries: dict[Cell | None, list[Entry]] = defaultdict(list)
    empty: dict[str, str] = {}
    for row in rows:
        element = row.cells["element"]
        if row.cells["fate"].term.value == _EMPTY_AREA:
            empty[element.term.value] = _fate(row)
            entries.setdefault(element, [])
        elif "placedUnder" in row.cells:
            section = row.cells["section"].text if "section" in row.cells else ""
            entries[row.cells["placedUnder"]].append(
                Entry(element, f"{visit.say('från', 'from')} {section}" if section else "")
            )
    heaps = [
        Heap(heading, empty.get(heading.term.value, "") if heading else "", tuple(some)) for heading, some in entries.items()
    ]
    return sorted(heaps, key=_named)


def _named(heap: Heap) -> tuple[bool, tuple[str, str]]:
    return heap.heading is None, sort_key(heap.heading.text if heap.heading else "")


def _text(text: str) -> Cell:
    return Cell(Literal(text), text)
