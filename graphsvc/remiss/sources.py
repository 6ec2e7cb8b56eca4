"""The quotations that an appendix rests on, numbered in the order in which they are first cited."""

from __future__ import annotations

from collections.abc import Iterable

from graphsvc.labels import PassageText

Key = tuple[str, str, str, int | None]


class Sources:
    """The quotations cited so far; the same words at the same place count once."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self.cited: list[PassageText] = []

    def cite(self, passages: Iterable[PassageText]) -> tuple[int, ...]:
        """The numbers of `passages`, in rising order; new ones get the next numbers."""
        return tuple(sorted({self._number(passage) for passage in passages}))

    def _number(self, passage: PassageText) -> int:
        key = (passage.source, passage.heading or "", passage.quote, passage.page)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.cited.append(passage)
        return self._numbers[key]
