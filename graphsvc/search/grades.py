"""What one typed word may be in the index, level by level: itself, the beginning of a word, inside one, or a slip."""

from __future__ import annotations

from graphsvc.search.vocabulary import Vocabulary, slips_allowed

_OTHER_FORM = 0.8


class Graded:
    """The words of the index that `word` (in plain letters) may be, at most `most` a level, looked up as they are needed."""

    def __init__(self, vocabulary: Vocabulary, word: str, most: int) -> None:
        self._vocabulary, self._word, self._most = vocabulary, word, most
        self._levels: list[dict[str, float]] = []
        self._names: dict[str, int] = {}

    def at(self, level: int) -> dict[str, float]:
        """The words of one level, with how well they fit (0–1)."""
        while len(self._levels) <= level:
            self._levels.append(self._looked_up(len(self._levels)))
        return self._levels[level]

    def until(self, level: int) -> dict[str, int]:
        """The words of all levels down to this one, with in how many names each is."""
        return {word: self._names[word] for lower in range(level + 1) for word in self.at(lower)}

    def best(self, name: tuple[str, ...], deepest: int) -> tuple[int, float] | None:
        """The best level, and how well, at which a word of the name is this one."""
        for level in range(deepest + 1):
            fits = [self.at(level)[word] for word in name if word in self.at(level)]
            if fits:
                return level, max(fits)
        return None

    def _looked_up(self, level: int) -> dict[str, float]:
        word, words = self._word, self._vocabulary
        if level == 0:
            found = words.inflected(word)
            fits = {other: 1.0 if other == word else _OTHER_FORM for other in found}
        elif level in (1, 2):
            found = words.begun(word, self._most) if level == 1 else words.around(word, self._most)
            fits = {other: len(word) / len(other) for other in found}
        elif self.at(0):
            found, fits = {}, {}  # a word that names have is not taken for a slip
        else:
            fits = dict(words.near(word, slips_allowed(word))[: self._most])
            found = words.names(fits)
        self._names |= found
        return fits
