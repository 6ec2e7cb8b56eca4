"""Who does what in a document: its activities in the text's own order, and each actor's part in them, with the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graphsvc.graph import Graph
from graphsvc.labels import PassageText, bind, labels_of, passages_of
from graphsvc.namespaces import PREFIXES, RANK
from graphsvc.pages.kept import kept
from graphsvc.questions.run import Cell
from graphsvc.terms import Iri, Row, Term, sort_key

LETTERS = {"responsible": "A", "participating": "D", "collaborating": "S", "pilot": "P", "mentioned": "N"}
"""The letter of each role, by its name, the weightiest first."""

_ROLES = list(LETTERS)
_LAST = "9" * 9


@dataclass(frozen=True)
class Part:
    """An actor's part in an activity: which role, whether it is named itself or through another, and whether preferred."""

    activity: str
    actor: Cell
    role: Cell
    direct: bool
    through: tuple[Cell, ...]
    preferred: bool
    passages: tuple[PassageText, ...]

    @property
    def kind(self) -> str:
        """The name of the role (responsible)."""
        return self.role.term.value.rsplit("/", 1)[-1]

    @property
    def letter(self) -> str:
        """The letter of the role."""
        return LETTERS.get(self.kind, "·")


@dataclass(frozen=True)
class Duty:
    """An activity of the document: its place in the text, its section if any, whether it is a task, and all parts in it."""

    number: int
    activity: Cell
    section: Cell | None
    task: bool
    parts: tuple[Part, ...]


def duties_of(graph: Graph, document: str, language: str) -> tuple[Duty, ...]:
    """The activities of the document with that IRI, those without anyone too; tasks only where someone has a part."""
    return kept(graph, ("duties", document, language), lambda: _read(graph, document, language))


def _read(graph: Graph, document: str, language: str) -> tuple[Duty, ...]:
    store, content = graph.store, graph.content
    asked: dict[str, Iterable[Term]] = {"document": [Iri(document)]}
    involved = store.select(bind(content.lookup("remiss-involvements"), asked)).rows
    measures = store.select(bind(content.lookup("matrix-activities"), asked)).rows
    iris = {term.value for row in [*involved, *measures] for term in row.values() if isinstance(term, Iri)}
    proofs = {row[name].value for row in involved for name in ("evidence", "throughEvidence") if name in row}
    named = labels_of(store, content, iris - proofs, language)
    parts = _parts(involved, named, passages_of(store, content, proofs))
    return tuple(
        Duty(number, _cell(Iri(iri), named), _section(rows, named), _is_task(rows), tuple(parts.get(iri, ())))
        for number, (iri, rows) in enumerate(_in_order(measures, parts), 1)
    )


def _in_order(measures: Iterable[Row], parts: dict[str, list[Part]]) -> list[tuple[str, list[Row]]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in measures:
        grouped[row["activity"].value].append(row)
    told = [(iri, rows) for iri, rows in grouped.items() if iri in parts or not _is_task(rows)]
    return sorted(told, key=lambda one: (min(_place(row) for row in one[1]), one[0]))


def _is_task(rows: Iterable[Row]) -> bool:
    return any("task" in row or "within" in row for row in rows)


def _place(row: Row) -> tuple[str, str]:
    return sort_key(row["order"].value if "order" in row else _LAST)


def _section(rows: Iterable[Row], named: dict[str, str]) -> Cell | None:
    found = sorted({row["section"].value for row in rows if "section" in row})
    return _cell(Iri(found[0]), named) if found else None


def _parts(rows: Iterable[Row], named: dict[str, str], words: dict[str, PassageText]) -> dict[str, list[Part]]:
    """Each actor's parts by activity, one for each role and way; what several rows say of one is put together."""
    grouped: dict[tuple[str, str, str, bool, bool], list[Row]] = defaultdict(list)
    for row in rows:
        direct = row["via"].value == PREFIXES["via"] + "direct"
        key = (row["activity"].value, row["actor"].value, row["role"].value, direct, row["rank"].value == RANK + "preferred")
        grouped[key].append(row)
    found: dict[str, list[Part]] = defaultdict(list)
    for (activity, actor, role, direct, preferred), some in grouped.items():
        through = sorted({row["through"].value for row in some if "through" in row})
        proofs = sorted({row[name].value for row in some for name in ("evidence", "throughEvidence") if name in row})
        cells = sorted((_cell(Iri(iri), named) for iri in through), key=lambda cell: sort_key(cell.text))
        passages = tuple(words[iri] for iri in proofs if iri in words)
        found[activity].append(Part(activity, _cell(Iri(actor), named), _cell(Iri(role), named), direct, tuple(cells),
                                    preferred, passages))  # fmt: skip
    return {activity: sorted(parts, key=_weight) for activity, parts in found.items()}


def _weight(part: Part) -> tuple[int, bool, bool, tuple[str, str]]:
    place = _ROLES.index(part.kind) if part.kind in _ROLES else len(_ROLES)
    return place, not part.direct, not part.preferred, sort_key(part.actor.text)


def _cell(term: Iri, named: dict[str, str]) -> Cell:
    return Cell(term, named.get(term.value, term.value))
