"""What a sentence wants of the answer: yes or no, a number, or the answer itself; and whether it asks of all or of none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphsvc.ask.lexicon import Lexicon
from graphsvc.ask.model import COUNT, NEGATION
from graphsvc.ask.sentence import Sentence
from graphsvc.ask.words import plain

_ALL = {"alla", "varje", "samtliga", "all", "every", "each"}
_LONGEST_OPENING = 5


@dataclass(frozen=True)
class Wanted:
    """The form of answer: `yes-or-no`, `number` or `answer`; whether of all, whether negated, and the concepts asked for."""

    form: Literal["yes-or-no", "number", "answer"]
    of_all: bool
    negated: bool
    concepts: frozenset[str]


def wanted(sentence: Sentence, lexicon: Lexicon) -> Wanted:
    """What `sentence` wants."""
    concepts = {concept for piece in sentence.pieces(lexicon, ()) for concept in piece.meaning.concepts}
    words = [plain(word.folded) for word in sentence.words]
    form: Literal["yes-or-no", "number", "answer"] = "answer"
    if COUNT in concepts:
        form = "number"
    elif _opens(words, lexicon):
        form = "yes-or-no"
    return Wanted(form, bool(_ALL & set(words)), NEGATION in concepts, frozenset(concepts))


def _opens(words: list[str], lexicon: Lexicon) -> bool:
    """Whether the sentence opens as a yes-or-no question does, or says "whether" after some padding."""
    for length in range(1, _LONGEST_OPENING + 1):
        if tuple(words[:length]) in lexicon.openings:
            return True
    for start in range(1, min(6, len(words))):
        if any(tuple(words[start : start + length]) in lexicon.openings for length in range(2, _LONGEST_OPENING + 1)):
            return True
    return False
