"""What readers of a release ask of a store, whichever engine holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from graphsvc.formats import Format
from graphsvc.terms import Row


@dataclass(frozen=True)
class Table:
    """The solutions of a SELECT: variable names in order, and rows that leave unbound variables out."""

    variables: list[str]
    rows: list[Row]


class Store(Protocol):
    """One release to read: its default graph is the merged graph with all that follows from it."""

    def select(self, query: str) -> Table:
        """Run a SELECT; BadQuery if it cannot be parsed."""
        ...

    def construct(self, query: str) -> bytes:
        """Run a CONSTRUCT or DESCRIBE; what it gives as N-Triples."""
        ...

    def answer(self, query: str, format: Format, most_bytes: int | None = None) -> bytes:
        """Run any query and serialise the answer; BadQuery if it cannot be parsed, AnswerTooLarge past `most_bytes`."""
        ...

    def kind(self, query: str) -> str:
        """`select`, `ask` or `construct` (also for DESCRIBE): what answering `query` gives."""
        ...
