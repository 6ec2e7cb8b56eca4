"""What a typed text may mean, ranked: whole names, whole words, beginnings, inside compounds, slips; then by use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from graphsvc.search.base import Base, Found, Name
from graphsvc.search.folding import Word, key, words
from graphsvc.search.grades import Graded
from graphsvc.search.ordinary import function_words
from graphsvc.search.vocabulary import Vocabulary
from graphsvc.terms import fold

_MOST_NAMES = 200
_NAMES_READ = 6  # how many names a wanted thing
_MOST_WORDS = 6
_WORDS_READ = 100  # how many words of the index the typed ones may be, at a level, together
_MOST_DROPPED = 4  # of more words than this none is left out alone
_MOST_WORK = 400_000  # steps through the lists of the full-text index
_ROLES = {"short": 1.0, "label": 1.0, "title": 1.0, "other": 0.995, "former": 0.99, "hidden": 0.985}
_OTHER_LETTERS = 0.97  # a for å, o for ö …
_INFLECTED = 0.95
_LEVELS = ((0.80, 0.14), (0.60, 0.15), (0.40, 0.15), (0.10, 0.25))  # whole, begun, inside, near: least, and how much more
_SAME_THING = 5  # so many times as many are read where they are names of the same few things
_NEAR = 3
_APART = 0.9  # the share of its score that a name keeps when its compound was written as two words
_MISSING = 0.1  # the share of its score that a name keeps when it lacks one of the words


class Ranking:
    """One search: among things of the classes `of` (all where there are none), for the `most` best."""

    def __init__(self, base: Base, vocabulary: Vocabulary, of: list[int], most: int) -> None:
        self._base, self._vocabulary, self._of, self._most = base, vocabulary, of, most
        self._best: dict[str, tuple[Found, float]] = {}

    def of(self, text: str) -> list[tuple[Found, float]]:
        """The found names with their scores, one for each thing, best first."""
        typed = words(text)
        if not typed:
            return []
        self._whole_names(text, typed)
        telling = _telling(typed)
        graded = self._graded(word.plain for word in telling)
        self._by_level(graded, 1.0)
        if not self._best:
            for left, right in pairwise(telling):
                if self._vocabulary.inflected(left.plain + right.plain):
                    self._by_level(self._graded(_joined(telling, left, right)), _APART)
        for fewer in _fewer(graded):
            if not self._best:
                for some in fewer:
                    self._by_level(some, _MISSING * len(some) / len(graded))
        ranked = sorted(self._best.values(), key=lambda pair: (-pair[1], -pair[0].weight, pair[0].iri))
        return ranked[: self._most]

    def _graded(self, plain: Iterable[str]) -> list[Graded]:
        wanted = list(plain)
        return [Graded(self._vocabulary, word, _WORDS_READ // len(wanted)) for word in wanted]

    def _whole_names(self, text: str, typed: list[Word]) -> None:
        plain = tuple(word.plain for word in typed)
        for found in self._base.called(key(plain), self._of, max(_MOST_NAMES, self._most)):
            score = _INFLECTED
            if found.words == plain:
                score = _ROLES[found.role] * (1.0 if fold(found.text) == fold(text) else _OTHER_LETTERS)
            self._keep(found, score)

    def _by_level(self, graded: list[Graded], share: float) -> None:
        """Go down the levels until there are enough, and to slips only if there is nothing: what lies below is worse."""
        for level in range(len(_LEVELS)):
            if len(self._best) >= self._most or (self._best and level == _NEAR):
                return
            accepted = [one.until(level) for one in graded]
            if not all(accepted) or (level and not any(one.at(level) for one in graded)):
                continue
            names = self._base.holding(self._expression(accepted), max(_MOST_NAMES, self._most), self._last(accepted))
            scored = [(score, name) for name in names if (score := _score(name, graded, level, name.weight)) is not None]
            scored.sort(key=lambda pair: (-pair[0], pair[1].number))
            for read, (_, name) in enumerate(scored[: _SAME_THING * _NAMES_READ * self._most]):
                if read >= _NAMES_READ * self._most and len(self._best) >= self._most:
                    break
                for found in self._base.having(name.number, self._of, self._most):
                    self._keep(found, share * (_score(name, graded, level, found.weight) or 0.0))

    def _expression(self, accepted: list[dict[str, int]]) -> str:
        """The full-text expression for names that hold one of the words of each list; only words of the index go into it."""
        parts = [f"words : ({' OR '.join(map(_quoted, alternatives))})" for alternatives in accepted]
        if self._of:
            parts.append(f"classes : ({' OR '.join(f'k{number}' for number in self._of)})")
        return " AND ".join(f"({part})" for part in parts)

    def _last(self, accepted: list[dict[str, int]]) -> int:
        """The last name to look at: all, unless every word is so common that to find few names would cost too much.

        Names are looked at from the most used things' on, as often as the rarest of the words is met.
        """
        groups = [(sum(alternatives.values()), len(alternatives)) for alternatives in accepted]
        if self._of:
            groups.append((sum(self._base.classes[number - 1][4] for number in self._of), len(self._of)))
        if len(groups) == 1:
            return self._base.size
        work = min(names for names, _ in groups) * sum(size for _, size in groups)
        return self._base.size if work <= _MOST_WORK else max(1, self._base.size * _MOST_WORK // work)

    def _keep(self, found: Found, score: float) -> None:
        kept = self._best.get(found.iri)
        if kept is None or score > kept[1]:
            self._best[found.iri] = found, score


def _telling(typed: list[Word]) -> list[Word]:
    """The words that a search is by, in order: not those that only hold a name together, and of very many the longest."""
    telling = [word for word in typed if word.plain not in function_words()] or typed
    longest = sorted(telling, key=lambda word: -len(word.plain))[:_MOST_WORDS]
    return [word for word in telling if word in longest][:_MOST_WORDS]


def _score(name: Name, graded: list[Graded], deepest: int, weight: float) -> float | None:
    """How well a name fits (0–1), with the weight of a thing that has it; None if it lacks one of the words."""
    fits = [one.best(name.words, deepest) for one in graded]
    known = [fit for fit in fits if fit is not None]
    if len(known) < len(fits):
        return None
    level = max(fit[0] for fit in known)
    fit = sum(fit[1] for fit in known) / len(known)
    covered = min(1.0, len(graded) / len(name.words))
    least, more = _LEVELS[level]
    if level == _NEAR:
        return least + more * (0.8 * fit + 0.1 * covered + 0.1 * weight)
    return least + more * (0.2 * fit + 0.35 * covered + 0.45 * weight)


def _fewer(graded: list[Graded]) -> Iterator[list[list[Graded]]]:
    """What may be searched by when no name has all words: all but one of few, and otherwise each by itself."""
    if 2 < len(graded) <= _MOST_DROPPED:
        yield [[one for one in graded if one is not missing] for missing in graded]
    if len(graded) > 1:
        yield [[one] for one in graded]


def _joined(telling: list[Word], left: Word, right: Word) -> Iterator[str]:
    """The words with two neighbours written as one, as compounds are that someone wrote apart."""
    for word in telling:
        if word is left:
            yield left.plain + right.plain
        elif word is not right:
            yield word.plain


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
