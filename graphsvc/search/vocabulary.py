"""The different words of all names: which of them a typed word may be, whole, begun, inside another or misspelt."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from graphsvc.search.base import Base
from graphsvc.search.folding import stem

_MOST_WORDS = 100
_FEWEST_INSIDE = 3
_FEWEST_NEAR = 4
_FEWEST_BEGUN = 6  # shorter ones begin too many words by chance
_MOST_CANDIDATES = 3000
_INSIDE = "word JOIN inside ON inside.rowid = word.id"
_AFTER = "\U0010ffff"

Counted = dict[str, int]  # words, and in how many names each is


class Vocabulary:
    """The words of an index; all words in and out are in plain letters."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def stems(self, stems: Iterable[str]) -> set[str]:
        """Those of `stems` that some name's word has."""
        wanted = sorted(set(stems))
        marks = ", ".join("?" * len(wanted))
        return {row[0] for row in self._base.rows(f"SELECT DISTINCT stem FROM word WHERE stem IN ({marks})", wanted)}

    def inflected(self, word: str) -> Counted:
        """The word itself and its other forms, those in most names first."""
        return self._counted("SELECT text, names FROM word WHERE stem = ? ORDER BY id LIMIT ?", stem(word), _MOST_WORDS)

    def begun(self, word: str, most: int = _MOST_WORDS) -> Counted:
        """The words that begin so, those in most names first."""
        sql = "SELECT text, names FROM word WHERE text >= ? AND text < ? ORDER BY names DESC LIMIT ?"
        return self._counted(sql, word, word + _AFTER, most)

    def around(self, word: str, most: int = _MOST_WORDS) -> Counted:
        """The words that hold it, as compounds do, those in most names first."""
        if len(word) < _FEWEST_INSIDE:
            return {}
        sql = f"SELECT text, names FROM {_INSIDE} WHERE inside MATCH ? ORDER BY inside.rowid LIMIT ?"
        return self._counted(sql, f'"{word}"', most)

    def near(self, word: str, slips: int) -> list[tuple[str, float]]:
        """The words that it is with at most so many slips, or begins with them, and how like they are (0–1), best first."""
        if len(word) < _FEWEST_NEAR or slips < 1:
            return []
        candidates = self._sharing(word, len(word) - slips)
        ways = [(candidates, 1.0)]
        if len(word) >= _FEWEST_BEGUN:
            ways.append(([candidate[: len(word)] for candidate in candidates], 0.9))
        near: dict[str, float] = {}
        for compared, likeness in ways:
            alike = process.extract(word, compared, scorer=OSA.distance, score_cutoff=slips, limit=_MOST_WORDS)
            for _, distance, index in alike:
                found = likeness * (1 - distance / len(word))
                near[candidates[index]] = max(near.get(candidates[index], 0.0), found)
        return sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))

    def _sharing(self, word: str, fewest: int) -> list[str]:
        """The words that share some of its rarest three-letter runs: enough to hold every near one, never very many."""
        runs = sorted({word[i : i + 3] for i in range(len(word) - 2)})
        marks = ", ".join("?" * len(runs))
        counted = self._base.rows(f"SELECT term, words FROM gram WHERE term IN ({marks}) ORDER BY words", runs)
        chosen: list[str] = []
        total = 0
        for run, words in counted:
            if chosen and total + words > _MOST_CANDIDATES:
                break
            chosen.append(f'"{run}"')
            total += words
        if not chosen:
            return []
        sql = f"SELECT text FROM {_INSIDE} WHERE inside MATCH ? AND length(text) >= ? ORDER BY inside.rowid LIMIT ?"
        return [row[0] for row in self._base.rows(sql, (" OR ".join(chosen), fewest, _MOST_CANDIDATES))]

    def names(self, words: Iterable[str]) -> Counted:
        """In how many names each of some words is."""
        wanted = list(words)
        return self._counted(f"SELECT text, names FROM word WHERE text IN ({', '.join('?' * len(wanted))})", *wanted)

    def _counted(self, sql: str, *values: str | int) -> Counted:
        return dict(self._base.rows(sql, values))


def slips_allowed(word: str) -> int:
    """How many slips of the pen a word may have and still be known by its looks: one in five letters, at most three."""
    return min(3, (len(word) + 1) // 5)
