"""The responsibility matrix of a document: its activities by its actors, with the letter of each role."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graphsvc.labels import PassageText
from graphsvc.namespaces import STYR
from graphsvc.pages.duties import LETTERS, Duty, Part, duties_of
from graphsvc.pages.fields import choices, drafts, name_field, status_of
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.tables import Heading, Table
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.terms import Literal, sort_key

_MOST_LINES, _MOST_COLUMNS = 60, 70
_ORDERS = {"rows": ("text", "name", "number"), "columns": ("name", "number")}


@dataclass(frozen=True)
class Column:
    """An actor of the matrix, and in how many of the shown activities it has a part."""

    actor: Cell
    total: int


@dataclass(frozen=True)
class Role:
    """Everyone who has one role in an activity: those named, and those reached through another."""

    role: Cell
    named: tuple[Part, ...]
    reached: tuple[Part, ...]


@dataclass(frozen=True)
class Line:
    """An activity of the matrix: the marks by the IRI of the actor, the roles in words, the passages, how many actors."""

    duty: Duty
    marks: Mapping[str, tuple[Part, ...]]
    roles: tuple[Role, ...]
    passages: tuple[PassageText, ...]
    total: int


@dataclass(frozen=True)
class Chosen:
    """How the matrix is chosen: roles (name, or empty for all), groups too or only those named, and the orders."""

    role: str
    groups: bool
    rows: str
    columns: str

    def query(self) -> dict[str, str]:
        """What an address holds for it; nothing for what is so unless said."""
        told = {"role": self.role, "groups": "yes" if self.groups else "", "rows": self.rows, "columns": self.columns}
        usual = {"rows": _ORDERS["rows"][0], "columns": _ORDERS["columns"][0]}
        return {name: value for name, value in told.items() if value and value != usual.get(name)}


def page(visit: Visit) -> Page:
    """The matrix of ?document=, of one ?actor= and ?role= if they are given; without a document the ones to choose from."""
    listed = choices(visit, "documents-with-duties")
    document = name_field(visit, "document", visit.say("Dokument", "Document"), [STYR + "Document"], listed)
    actor = name_field(visit, "actor", visit.say("Aktör", "Actor"), [STYR + "Actor"])
    chosen = _chosen(visit)
    duties = duties_of(visit.graph, document.iri, visit.language) if document.iri else ()
    lines, columns = _matrix(duties, chosen, actor.iri)
    title = visit.say("Ansvarsmatris", "Responsibility matrix")
    lead = visit.say("Vem som gör vad: ett dokuments aktiviteter och alla som har en roll i dem.",
                     "Who does what: the activities of a document and all who have a role in them.")  # fmt: skip
    query = {field.name: field.told for field in (document, actor) if field.value} | chosen.query()
    return visit.page("matris", title, lead, query=query, status=status_of((document, actor)),
                      tables=_tables(visit, lines, columns) if lines else [], document=document, actor=actor, chosen=chosen,
                      lines=lines[:_MOST_LINES], columns=columns[:_MOST_COLUMNS], all_lines=len(lines),
                      all_columns=len(columns), roles=_roles(duties), counts=_counts(lines), known=len(duties),
                      alone=sum(_is_alone(duty) for duty in duties),
                      tasks=any(line.duty.task for line in lines),
                      draft=bool(drafts(visit.graph, [document.iri])))  # fmt: skip


PAGES: dict[str, Maker] = {"/matris": page}


def _is_alone(duty: Duty) -> bool:
    """Whether nobody is responsible for it; a task has whoever its activity has."""
    return not duty.task and not any(part.kind == "responsible" for part in duty.parts)


def _chosen(visit: Visit) -> Chosen:
    def one(name: str) -> str:
        return visit.query.get(name, "") if visit.query.get(name, "") in _ORDERS[name] else _ORDERS[name][0]

    role = visit.query.get("role", "")
    return Chosen(role if role in LETTERS else "", visit.query.get("groups", "") == "yes", one("rows"), one("columns"))


def _matrix(duties: Sequence[Duty], chosen: Chosen, actor: str) -> tuple[list[Line], list[Column]]:
    """The lines and columns that are left; an activity without anyone stays unless an actor or a role is asked for."""
    lines = [_line(duty, chosen) for duty in duties]
    if actor:
        lines = [line for line in lines if actor in line.marks]
    elif chosen.role:
        lines = [line for line in lines if line.marks]
    totals = Counter(iri for line in lines for iri in line.marks)
    actors = {iri: marks[0].actor for line in lines for iri, marks in line.marks.items()}
    columns = [Column(cell, totals[iri]) for iri, cell in actors.items()]
    columns.sort(key=lambda one: (-one.total if chosen.columns == "number" else 0, sort_key(one.actor.text)))
    if chosen.rows == "name":
        lines.sort(key=lambda line: sort_key(line.duty.activity.text))
    elif chosen.rows == "number":
        lines.sort(key=lambda line: (-line.total, line.duty.number))
    first = [column for column in columns if column.actor.term.value == actor]
    return lines, [*first, *(column for column in columns if column not in first)]


def _line(duty: Duty, chosen: Chosen) -> Line:
    parts = [part for part in duty.parts if chosen.role in ("", part.kind) and (chosen.groups or part.direct)]
    marks: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        mine = marks[part.actor.term.value]
        if not any(known.kind == part.kind and known.direct for known in mine):
            mine.append(part)
    passages = dict.fromkeys(passage for part in parts for passage in part.passages)
    return Line(duty, {iri: tuple(some) for iri, some in marks.items()}, _in_words(parts), tuple(passages), len(marks))


def _in_words(parts: Iterable[Part]) -> tuple[Role, ...]:
    grouped: dict[Cell, list[Part]] = defaultdict(list)
    for part in parts:
        grouped[part.role].append(part)
    return tuple(Role(role, tuple(part for part in some if part.direct), tuple(part for part in some if not part.direct))
                 for role, some in grouped.items())  # fmt: skip


def _roles(duties: Iterable[Duty]) -> list[Cell]:
    """The roles that anyone has in the document, the weightiest first."""
    found = {part.kind: part.role for duty in duties for part in duty.parts}
    return [found[kind] for kind in LETTERS if kind in found]


def _counts(lines: Iterable[Line]) -> Counter[str]:
    """How many marks there are of each role."""
    return Counter(part.kind for line in lines for marks in line.marks.values() for part in marks)


def _tables(visit: Visit, lines: Sequence[Line], columns: Sequence[Column]) -> list[Table]:
    """What can be taken along: the matrix, and its marks one by one with their passages."""
    heads = {"activity": ("Aktivitet", "Activity"), "section": ("Del", "Section")}
    wide = [Heading(name, visit.say(*label)) for name, label in heads.items()]
    wide += [Heading(one.actor.term.value, one.actor.text) for one in columns]
    total = visit.say("Antal aktörer", "Number of actors")
    matrix = Table(visit.say("Matris", "Matrix"), (*wide, Heading("total", total)),
                   tuple(_wide(visit, line) for line in lines))  # fmt: skip
    titles = {"activity": ("Aktivitet", "Activity"), "role": ("Roll", "Role"), "actor": ("Aktör", "Actor"),
              "through": ("Genom", "Through"), "rank": ("Rang", "Rank")}  # fmt: skip
    long = tuple(Heading(name, visit.say(*label)) for name, label in titles.items())
    rows = tuple(_long(visit, line, part) for line in lines for marks in line.marks.values() for part in marks)
    return [matrix, Table(visit.say("Roller", "Roles"), long, rows)]


def _wide(visit: Visit, line: Line) -> AnswerRow:
    cells = _start(line)
    for iri, marks in line.marks.items():
        cells[iri] = _text(", ".join(_mark(visit, part) for part in marks))
    return AnswerRow(cells | {"total": _text(str(line.total))}, ())


def _long(visit: Visit, line: Line, part: Part) -> AnswerRow:
    cells = _start(line) | {"role": part.role, "actor": part.actor}
    if part.through:
        cells["through"] = _text(", ".join(cell.text for cell in part.through))
    if not part.preferred:
        cells["rank"] = _text(visit.say("inte föredraget", "not preferred"))
    return AnswerRow(cells, part.passages)


def _start(line: Line) -> dict[str, Cell]:
    section = {"section": line.duty.section} if line.duty.section else {}
    return {"activity": line.duty.activity, **section}


def _mark(visit: Visit, part: Part) -> str:
    """A part as the files tell it: D, D (genom Kommunala bolag), (S) where another source is believed more."""
    letter = part.letter if part.preferred else f"({part.letter})"
    through = ", ".join(cell.text for cell in part.through)
    return f"{letter} ({visit.say('genom', 'through')} {through})" if not part.direct and through else letter


def _text(text: str) -> Cell:
    return Cell(Literal(text), text)
