"""How likely a question is asked with given words and names: naive Bayes over what stands in its phrasings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

_UNSEEN = 8.0  # how many phrasings the words of all questions together are worth, beside a question's own
_UNSEEN_NAME = 0.3
_NOT_MEANT = -2.5  # the logarithm of how likely a word that may mean nothing does
_FORM = 0.55  # what a word tells by itself beside what it means (1 if neither told anything of the other)
_NAME = 1.35  # what the names tell beside the words
_SUREST = 0.95  # no word is surer than this to be in a question

Named = tuple[str, int]
"""A class of things, or "" for any, and the how manieth of them in a phrasing; DAY for dates and years."""
DAY: Named = ("day", 0)


def counted(classes: Iterable[str]) -> frozenset[Named]:
    """The classes of the names in a phrasing, each with its ordinal among those of its class."""
    seen: Counter[str] = Counter()
    found = set()
    for kind in classes:
        found.add((kind, seen[kind]))
        seen[kind] += 1
    return frozenset(found)


@dataclass(frozen=True)
class Usage:
    """What stands in the phrasings of one question: in how many each concept, each stem and each class of name does.

    `shares` and `form_shares` are those of the concepts and the stems in the phrasings of all questions.
    """

    number: int
    concepts: Mapping[str, int]
    forms: Mapping[str, int]
    names: Mapping[Named, int]
    shares: Mapping[str, float]
    form_shares: Mapping[str, float]
    _gains: dict[str, float] = field(default_factory=dict, compare=False, repr=False)

    def of_words(self, said: Mapping[str, bool], let_be: frozenset[str] = frozenset()) -> float:
        """The logarithm of how likely a sentence that asks this question has the concepts `said` (true for one that
        the sentence may as well not mean).

        The question's own concepts in `let_be` need not be said.
        """
        total = self._silent
        for concept, soft in said.items():
            gain = self._gain(concept)
            total += max(gain, _NOT_MEANT) if soft else gain
        total -= sum(self._absent.get(concept, 0.0) for concept in let_be if concept not in said)
        return total

    def _gain(self, concept: str) -> float:
        """How much likelier (a logarithm) a sentence that asks this question is with `concept` than without it."""
        if concept not in self._gains:
            likely = (self.concepts.get(concept, 0) + _UNSEEN * self.shares[concept]) / (self.number + _UNSEEN)
            self._gains[concept] = math.log(likely) - self._absent.get(concept, 0.0)
        return self._gains[concept]

    def of_forms(self, forms: Iterable[str]) -> float:
        """How much likelier (a logarithm) than by what they mean the question is by the stems of the words themselves."""
        return _FORM * sum([self._told_by.get(form, self._foreign) for form in forms if form in self.form_shares])

    @cached_property
    def _told_by(self) -> dict[str, float]:
        """What each stem in the question's own phrasings tells (a logarithm)."""
        own = ((form, number / self.form_shares[form]) for form, number in self.forms.items())
        return {form: math.log((usual + _UNSEEN) / (self.number + _UNSEEN)) for form, usual in own}

    @cached_property
    def _foreign(self) -> float:
        """What a stem tells that stands in the phrasings of other questions alone."""
        return math.log(_UNSEEN / (self.number + _UNSEEN))

    def gain(self, kind: str) -> float:
        """How much likelier (a logarithm) the question is with a name of the class `kind` than without it."""
        share = self._share(self.names.get((kind, 0), 0))
        return _NAME * max(0.0, math.log(share / (1 - share)))

    @cached_property
    def _absent(self) -> dict[str, float]:
        return {c: math.log(1 - min(_SUREST, own / (self.number + 1))) for c, own in self.concepts.items()}

    @cached_property
    def _silent(self) -> float:
        return sum(self._absent.values())

    @cached_property
    def _shares(self) -> list[tuple[Named, float]]:
        """In how many phrasings each class of name stands, those that may be of any class last."""
        return [(named, self._share(self.names[named])) for named in sorted(self.names, key=lambda n: (not n[0], n))]

    def of_names(self, classes: Sequence[frozenset[str]], days: int) -> float:
        """The logarithm of how likely a sentence that asks this question names things of `classes` and so many days."""
        left = list(classes)
        total = 0.0
        for named, share in self._shares:
            if named[0] == DAY[0]:
                found = days > named[1]
            else:
                kinds = next((kinds for kinds in left if not named[0] or named[0] in kinds), None)
                found = kinds is not None
                if kinds is not None:
                    left.remove(kinds)
            total += math.log(share if found else 1 - share)
        unused = len(left) + max(0, days - sum(named[0] == DAY[0] for named in self.names))
        return _NAME * (total + unused * math.log(self._share(0)))

    def _share(self, own: int) -> float:
        return (own + _UNSEEN_NAME) / (self.number + 2 * _UNSEEN_NAME)
