"""Finds the names inside a running sentence: whole, inflected, misspelt, and by the distinctive part of a long one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from graphsvc.search.base import Base, Found
from graphsvc.search.folding import Word, key, stem, words
from graphsvc.search.ordinary import function_words
from graphsvc.search.parts import LONGEST_RUN, run_key
from graphsvc.search.vocabulary import Vocabulary

_LONGEST_NAME = 14  # words; a longer one is found by its parts
_MOST_WORDS = 120
_MOST_THINGS = 12
_MOST_SLIPS_READ = 3  # how many words a misspelt one may be taken for
_FEWEST_LETTERS = 6  # shorter words are not taken for misspelt ones
_FEWEST_INFLECTED = 7  # shorter ones stand for their genitive only, not for every other form
_FEWEST_ALONE = 10
_LONGEST_FILLER = 3
_FEWEST_APART = 3
_HIDDEN = 0.99
_OTHER_LETTERS = 0.98
_GENITIVE = 0.97
_INFLECTED = 0.93
_WRITTEN_APART = 0.85
_SLIPS = (0.5, 0.4)  # what a misspelt word is worth: at least, and how much more for likeness
_PART = (0.4, 0.4)  # what a part is worth: at least, and how much more for its share of the name's letters
_SINGLE = 0.6  # the share of its worth that a part of one word keeps: it may be there by chance
_BEGINNING = 0.1  # titles are cited by how they begin

Ranked = list[tuple[Found, float]]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a word may be read as: a stem of the index, and how well (0–1)."""

    stem: str
    worth: float


class Spotting:
    """Spots names among the things of the classes `of` (all where there are none)."""

    def __init__(self, base: Base, vocabulary: Vocabulary, ordinary: frozenset[str], of: list[int]) -> None:
        self._base, self._vocabulary, self._of = base, vocabulary, of
        self._ordinary = ordinary | function_words()

    def of(self, text: str) -> list[tuple[Span, Ranked]]:
        """Each place with what it may name, best first; the longest places first."""
        return _Sentence(self._base, self._vocabulary, self._ordinary, self._of, words(text)[:_MOST_WORDS]).spotted()


class _Sentence:
    def __init__(
        self, base: Base, vocabulary: Vocabulary, ordinary: frozenset[str], of: list[int], read: list[Word]
    ) -> None:
        self._base, self._vocabulary, self._ordinary, self._of, self._words = base, vocabulary, ordinary, of, read
        self._found: dict[Span, dict[str, tuple[Found, float]]] = defaultdict(dict)

    def spotted(self) -> list[tuple[Span, Ranked]]:
        for start in range(len(self._words)):
            self._whole_from(start)
            self._written_apart_from(start)
        whole = {(span, iri) for span, things in self._found.items() for iri in things}
        self._parts(whole)
        places = []
        for (start, end), things in self._found.items():
            ranked = sorted(things.values(), key=lambda pair: (-pair[1], -pair[0].weight, pair[0].iri))[:_MOST_THINGS]
            places.append(((self._words[start].start, self._words[end - 1].end), ranked))
        return sorted(places, key=lambda place: (place[0][0] - place[0][1], place[0][0]))

    @cached_property
    def _readings(self) -> list[list[_Reading]]:
        """What each word may be read as; nothing where no name has a word like it."""
        known = self._vocabulary.stems(stem(word.plain) for word in self._words)
        return [
            [_Reading(stem(word.plain), 1.0)] if stem(word.plain) in known else self._misspelt(word) for word in self._words
        ]

    def _misspelt(self, word: Word) -> list[_Reading]:
        if len(word.plain) < _FEWEST_LETTERS or not word.plain.isalpha() or word.plain in self._ordinary:
            return []
        slips = 1 if len(word.plain) < 9 else 2 if len(word.plain) < 15 else 3
        least, more = _SLIPS
        read: dict[str, _Reading] = {}
        for near, likeness in self._vocabulary.near(word.plain, slips):
            if near[0] == word.plain[0] and abs(len(near) - len(word.plain)) <= slips and near not in function_words():
                read.setdefault(stem(near), _Reading(stem(near), least + more * likeness))
        return list(read.values())[:_MOST_SLIPS_READ]

    def _whole_from(self, start: int) -> None:
        """Keep the names that begin with the word at `start`."""
        most = min(len(self._words), start + _LONGEST_NAME)
        for end in range(start + 1, most + 1):
            readings = self._readings[start:end]
            if not readings[-1]:
                return
            if sum(len(reading) > 1 for reading in readings) > 2 or not self._may_name(start, end):
                continue
            for chosen in product(*readings):
                for found in self._base.called(" ".join(r.stem for r in chosen), self._of, 4 * _MOST_THINGS):
                    self._keep((start, end), found, self._worth(start, end, chosen, found))

    def _may_name(self, start: int, end: int) -> bool:
        return any(word.plain not in function_words() for word in self._words[start:end])

    def _worth(self, start: int, end: int, chosen: tuple[_Reading, ...], found: Found) -> float:
        """How sure it is that these words are that name (0: they are not)."""
        single = end - start == 1
        worth = 1.0 if found.role != "hidden" else _HIDDEN
        for word, reading, own in zip(self._words[start:end], chosen, found.words, strict=True):
            if reading.worth < 1:
                fit = reading.worth
            elif word.plain == own:
                fit = 1.0 if word.written in found.text.casefold() else _OTHER_LETTERS
            elif own + "s" == word.plain or word.plain + "s" == own:
                fit = _GENITIVE
            elif single and (len(word.plain) < _FEWEST_INFLECTED or word.plain in self._ordinary):
                return 0.0
            else:
                fit = _INFLECTED
            worth = min(worth, fit)
        return worth

    def _written_apart_from(self, start: int) -> None:
        """Keep the names of one word that the two or three words from `start` are when they are written as one."""
        for end in range(start + 2, min(start + 3, len(self._words)) + 1):
            apart = [word.plain for word in self._words[start:end]]
            if min(map(len, apart)) < _FEWEST_APART or apart[-2] in function_words():
                return
            for found in self._base.called(stem("".join(apart)), self._of, 4 * _MOST_THINGS):
                self._keep((start, end), found, _WRITTEN_APART)

    def _parts(self, whole: set[tuple[Span, str]]) -> None:
        """Keep the long names that a run of words is a distinctive part of, unless they are there whole."""
        for start in range(len(self._words)):
            for end in range(start + 1, min(start + LONGEST_RUN, len(self._words)) + 1):
                readings = self._readings[start:end]
                if not all(readings) or (end - start == 1 and not self._tells_alone(self._words[start])):
                    continue
                for chosen in product(*readings):
                    stems = [reading.stem for reading in chosen]
                    for found in self._base.with_part(run_key(stems), self._of, _MOST_THINGS):
                        self._keep_part((start, end), stems, found, min(r.worth for r in chosen), whole)

    def _tells_alone(self, word: Word) -> bool:
        return len(word.plain) >= _FEWEST_ALONE and word.plain not in self._ordinary

    def _keep_part(self, run: Span, stems: list[str], found: Found, worth: float, whole: set[tuple[Span, str]]) -> None:
        own = key(found.words).split()
        for at in range(len(own) - len(stems) + 1):
            if own[at : at + len(stems)] == stems:
                break
        else:
            return
        (start, end), (first, last) = run, (at, at + len(stems))
        while start > 0 and first > 0 and self._reads(start - 1, own[first - 1]):
            start, first = start - 1, first - 1
        while end < len(self._words) and last < len(own) and self._reads(end, own[last]):
            end, last = end + 1, last + 1
        while start < end - 1 and _is_filler(self._words[start]):
            start, first = start + 1, first + 1
        while start < end - 1 and _is_filler(self._words[end - 1]):
            end, last = end - 1, last - 1
        if any((s, e) == (start, end) or (iri == found.iri and s <= start and end <= e) for (s, e), iri in whole):
            return
        least, more = _PART
        share = sum(map(len, own[first:last])) / sum(map(len, own))
        worth *= _SINGLE if end - start == 1 else 1.0
        self._keep((start, end), found, worth * (least + more * share + (_BEGINNING if first == 0 else 0)))

    def _reads(self, place: int, wanted: str) -> bool:
        return any(reading.stem == wanted for reading in self._readings[place])

    def _keep(self, span: Span, found: Found, worth: float) -> None:
        kept = self._found[span].get(found.iri) if span in self._found else None
        if worth > 0 and (kept is None or worth > kept[1]):
            self._found[span][found.iri] = found, worth


def _is_filler(word: Word) -> bool:
    """Whether a word is one that no part of a title begins or ends with."""
    return len(word.plain) <= _LONGEST_FILLER and word.plain in function_words()
