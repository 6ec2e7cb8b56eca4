"""Which names in a sentence are taken as names and which as words: every sensible way, and how far to trust each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from graphsvc.ask.sentence import Mention

_MOST_UNSURE = 4
SURE_NAME = 0.75
SURE_WHOLE = 0.9
_TAKEN_WEAK = 0.97
_IGNORED_EVERYDAY = 0.8
_IGNORED = 0.93
_LIKELY_NAME = 0.85  # the score from which it costs something to take a name for ordinary words
_CUT = 0.87  # for each whole name of which only a part is taken


def what_ignoring_costs(mention: Mention) -> float:
    """What it costs a reading to take a name for ordinary words."""
    if mention.everyday:
        return _IGNORED_EVERYDAY
    return _IGNORED if mention.candidates[0].score >= _LIKELY_NAME else 1.0


def named_once(taken: Sequence[Mention]) -> list[Mention]:
    """The mentions without those that only say another name of something named before."""
    named: set[str] = set()
    kept = []
    for mention in taken:
        if mention.candidates[0].iri not in named:
            kept.append(mention)
        named.add(mention.candidates[0].iri)
    return kept


def trust(taken: Sequence[Mention], mentions: Sequence[Mention]) -> float:
    """How far the mentions `taken` are to be trusted, of all the sentence's."""
    cut = [m for m in mentions if _whole(m) and overlaps(m, taken) and not any(_within(m, other) for other in taken)]
    return float(math.prod(_trust(mention) for mention in taken) * _CUT ** len(cut))


def segmentations(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, ...]]:
    """The sets of mentions that do not overlap: the longest first, with and without each one that may be something else.

    That is one whose words mean something of their own, that has another inside or across it, or whose name fits badly.
    """
    doubtful = [m for m in mentions if m.weak or m.candidates[0].score < SURE_NAME]
    rivalled = [m for m in mentions if m not in doubtful and _rivalled(m, mentions)]
    unsure = [*doubtful, *rivalled][:_MOST_UNSURE]
    seen = set()
    for number in range(len(unsure) + 1):
        for left in combinations(unsure, number):
            taken: list[Mention] = []
            for mention in mentions:
                if mention not in left and not overlaps(mention, taken):
                    taken.append(mention)
            key = tuple(sorted(taken, key=lambda mention: mention.start))
            if key not in seen:
                seen.add(key)
                yield key


def _rivalled(mention: Mention, mentions: Sequence[Mention]) -> bool:
    return any(other is not mention and overlaps(mention, [other]) for other in mentions)


def overlaps(mention: Mention, others: Iterable[Mention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)


def _within(mention: Mention, other: Mention) -> bool:
    return other.start <= mention.start and mention.end <= other.end


def _whole(mention: Mention) -> bool:
    """Whether a mention is surely one: a longer name that is cut short is a worse reading."""
    return not mention.weak and not mention.everyday and mention.candidates[0].score >= SURE_WHOLE


def _trust(mention: Mention) -> float:
    """How far a mention is to be trusted: less where its name fits less, or its words mean something of their own."""
    return (0.75 + 0.25 * mention.candidates[0].score) * (_TAKEN_WEAK if mention.weak and not mention.everyday else 1.0)
