"""An answer as a page shows it and as a file holds it: what all rows share is said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from graphsvc.namespaces import RANK
from graphsvc.questions.run import Answer, AnswerRow, Cell

ROWS_OF_PAGE, PASSAGES_OF_PAGE, PASSAGES_OF_ROW = 40, 90, 20
"""How many rows and passages of an answer a page shows, and how many passages of one row; a file holds all."""

_PREFERRED = RANK + "preferred"
_CUT = {"sv": ("Rader", "bara några av dem; frågan har alla"), "en": ("Rows", "only some of them; the question has all")}


@dataclass(frozen=True)
class Heading:
    """A column: the name of its cells in a row, and what stands above it."""

    name: str
    label: str


@dataclass(frozen=True)
class Table:
    """A table to show and to download.

    `rows` hold their cells by column name; `question` is the id of the named question it answers (or empty), `parameters`
    what it was asked with, as (label, text); `sparql` the query that was run (or empty); `empty` what no rows mean;
    `link` is the address of the question with these parameters (or empty), which has more rows where it is `cut`;
    `first`, `number` and `parts` say which rows and which of how many pages these are, and `whole` are all rows where
    that is not all.
    """

    title: str
    columns: tuple[Heading, ...]
    rows: tuple[AnswerRow, ...]
    question: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    sparql: str = ""
    empty: str = ""
    link: str = ""
    cut: bool = False
    first: int = 1
    number: int = 1
    parts: int = 1
    whole: tuple[AnswerRow, ...] = field(default=(), repr=False)

    @property
    def total(self) -> int:
        """How many rows there are, shown here or not."""
        return len(self.whole or self.rows)

    @property
    def last(self) -> int:
        """The number of the last row here."""
        return self.first + len(self.rows) - 1

    @cached_property
    def shared(self) -> tuple[tuple[Heading, Cell], ...]:
        """The columns whose cell is the same in every row, and that cell; only where there are several rows."""
        rows = self.whole or self.rows
        if len(rows) < 2:
            return ()
        same = [(column, rows[0].cells[column.name]) for column in self.columns[1:] if _is_same(rows, column.name)]
        return tuple((column, cell) for column, cell in same if cell.term.value != _PREFERRED)

    @cached_property
    def own(self) -> tuple[Heading, ...]:
        """The columns that tell rows apart: not the shared, nor those without a cell, nor the rank where none is lower."""
        rows = self.whole or self.rows
        left_out = {column.name for column, _ in self.shared}
        return tuple(column for column in self.columns if column.name not in left_out and _tells(rows, column.name))

    def telling(self, rows: Sequence[AnswerRow]) -> tuple[Heading, ...]:
        """Those of its own columns that say something where only `rows` of it are shown."""
        return tuple(column for column in self.own if _tells(rows, column.name))

    def part(self, number: int) -> Table:
        """The page `number` (from 1); the first if there is no such page."""
        rows = self.whole or self.rows
        breaks = _breaks(rows)
        number = number if 0 < number <= len(breaks) else 1
        start, end = breaks[number - 1]
        return replace(self, rows=rows[start:end], first=start + 1, whole=rows, number=number, parts=len(breaks))


def of_answer(answer: Answer, title: str = "", link: str = "") -> Table:
    """The table of an answer, called `title` or what its question is called."""
    question, language = answer.question, answer.language
    parameters = tuple((question.parameter(name).label[language], cell.text) for name, cell in answer.parameters.items())
    parameters += (_CUT[language],) if answer.cut else ()
    columns = tuple(Heading(column.name, column.label[language]) for column in answer.columns)
    return Table(title or question.title[language], columns, answer.rows, question.id, parameters, answer.sparql,
                 question.empty[language], link, answer.cut)  # fmt: skip


def _breaks(rows: Sequence[AnswerRow]) -> list[tuple[int, int]]:
    """Where each page begins and ends: so many rows, or so many passages, that no page is heavy."""
    breaks, start, weight = [], 0, 0
    for place, row in enumerate(rows):
        own = min(len(row.evidence), PASSAGES_OF_ROW)
        if place > start and (place - start == ROWS_OF_PAGE or weight + own > PASSAGES_OF_PAGE):
            breaks.append((start, place))
            start, weight = place, 0
        weight += own
    return [*breaks, (start, len(rows))]


def _is_same(rows: Sequence[AnswerRow], name: str) -> bool:
    return name in rows[0].cells and all(row.cells.get(name) == rows[0].cells[name] for row in rows)


def _tells(rows: Sequence[AnswerRow], name: str) -> bool:
    cells = [row.cells[name] for row in rows if name in row.cells]
    return bool(cells) and not (all(cell.term.value == _PREFERRED for cell in cells))
