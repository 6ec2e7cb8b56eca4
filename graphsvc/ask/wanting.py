"""What a sentence wants of the answer: yes or no, a number, or the answer itself; and whether it asks of all or of none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from graphsvc.ask.lexicon import Lexicon
from graphsvc.ask.model import NEGATION
from graphsvc.ask.phrasings import COUNT
from graphsvc.ask.sentence import Piece, Sentence
from graphsvc.ask.words import plain

_ALL = {"alla", "varje", "samtliga", "all", "every", "each"}
_LONGEST_OPENING = 5


@dataclass(frozen=True)
class Wanted:
    """The form of answer: `yes-or-no`, `number` or `answer`; whether of all, whether negated, and the concepts asked for.

    `denied` are the concepts that "not" stands before.
    """

    form: Literal["yes-or-no", "number", "answer"]
    of_all: bool
    negated: bool
    concepts: frozenset[str]
    denied: frozenset[str]

    @property
    def yes_or_no(self) -> bool:
        """Whether it is asked whether something is so."""
        return self.form == "yes-or-no"


def denied(pieces: Sequence[Piece]) -> frozenset[str]:
    """The concepts of the words that "not" or "without" stands before."""
    telling = [piece for piece in pieces if piece.meaning.concepts and not piece.meaning.soft]
    after = [next_piece for piece, next_piece in pairwise(telling) if NEGATION in piece.meaning.concepts]
    return frozenset(concept for piece in after for concept in piece.meaning.concepts)


def wanted(sentence: Sentence, lexicon: Lexicon) -> Wanted:
    """What `sentence` wants."""
    pieces = sentence.pieces(lexicon, ())
    concepts = {concept for piece in pieces for concept in piece.meaning.concepts}
    words = [plain(word.folded) for word in sentence.words]
    form: Literal["yes-or-no", "number", "answer"] = "answer"
    if COUNT in concepts:
        form = "number"
    elif _opens(words, lexicon):
        form = "yes-or-no"
    return Wanted(form, bool(_ALL & set(words)), NEGATION in concepts, frozenset(concepts), denied(pieces))


def _opens(words: list[str], lexicon: Lexicon) -> bool:
    """Whether the sentence opens as a yes-or-no question does, or says "whether" after some padding."""
    for length in range(1, _LONGEST_OPENING + 1):
        if tuple(words[:length]) in lexicon.openings:
            return True
    for start in range(1, min(6, len(words))):
        if any(tuple(words[start : start + length]) in lexicon.openings for length in range(2, _LONGEST_OPENING + 1)):
            return True
    return False
