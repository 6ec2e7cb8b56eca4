"""How sure a reading is: the probability that its question is what the sentence asks, by what reading it found.

The weights are those of a logistic regression over the sentences of tests/ask/, learned by `python benchmarks/sureness.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from graphsvc.ask.model import Model
from graphsvc.ask.reading import Reading
from graphsvc.ask.sentence import Sentence

FEATURES = ("score", "usual", "words", "unknown", "named", "yes-or-no", "empty")
WEIGHTS = (5.936, 2.473, 0.253, -0.989, 0.62, 0.766, -2.458)
CONSTANT = -0.53
SURE = 0.12  # a reading that is less sure than this is none
_SHORT = 3  # a word of so many letters tells little
_LEAST = 0.01
_NEAR = 0.5


def features(reading: Reading, sentence: Sentence, model: Model, yes_or_no: bool, empty: bool) -> tuple[float, ...]:
    """What is weighed, in the order of FEATURES.

    The logarithm of the reading's score; how much more usual its words are in the question's phrasings than in all (a
    logarithm); how many words there are, and how many of them unknown; how many things are named; whether yes or no is
    asked for; whether the answer is `empty`.
    """
    usage = model.usages[reading.question.id]
    forms = sentence.forms(reading.rest)
    unknown = [piece for piece in reading.rest if not piece.meaning.known and len(piece.text) > _SHORT]
    return (
        math.log(max(reading.score, _LEAST)),
        usage.of_forms(forms) / max(1, len(forms)),
        len(forms),
        len(unknown),
        len(reading.values),
        yes_or_no,
        empty,
    )


def surest_first(found: Sequence[Reading], sentence: Sentence, model: Model, yes_or_no: bool) -> list[Reading]:
    """The readings `found` (best first) with how sure each is: first the surest of those that fit about as well."""
    judged = [replace(reading, sure=sureness(reading, sentence, model, yes_or_no)) for reading in found]
    near = [reading for reading in judged if reading.score >= _NEAR * judged[0].score]
    return sorted(near, key=lambda reading: -reading.sure) + judged[len(near) :]


def sureness(reading: Reading, sentence: Sentence, model: Model, yes_or_no: bool, empty: bool = False) -> float:
    """The probability (0 to 1) that the reading is what `sentence` asks."""
    found = features(reading, sentence, model, yes_or_no, empty)
    total = CONSTANT + sum(weight * value for weight, value in zip(WEIGHTS, found, strict=True))
    return 1 / (1 + math.exp(-total))
