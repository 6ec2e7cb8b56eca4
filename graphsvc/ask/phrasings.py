"""The phrasings of the questions' files: each as what its words mean, and the parameters whose names stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from graphsvc.ask.lexicon import FOREIGN, Lexicon, Meaning
from graphsvc.ask.sentence import cleaned, read
from graphsvc.ask.words import LANGUAGES, tokens
from graphsvc.questions.catalogue import Question

COUNT = "number"
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Phrasing:
    """One way to ask a question: what each of its words means, and the parameters whose names stand in it, in order.

    `forms` are the stems of its words.
    """

    question: str
    pieces: tuple[Meaning, ...]
    concepts: frozenset[str]
    forms: frozenset[str]
    slots: tuple[str, ...]

    @property
    def telling(self) -> tuple[Meaning, ...]:
        """The pieces that a sentence should have too: those that always mean something, or all where there are none."""
        hard = tuple(piece for piece in self.pieces if not piece.soft)
        return hard if any(piece.concepts != {COUNT} for piece in hard) else self.pieces


def read_phrasings(questions: Iterable[Question], lexicon: Lexicon) -> tuple[Phrasing, ...]:
    """The phrasings of `questions`, in a set order; their words that the lexicon does not know are added to it."""
    told = [(question, language, text) for question in questions for language, text in _texts(question)]
    for _, language, text in told:
        for word in tokens(_SLOT.sub(" ", text)):
            if not lexicon.knows(word.folded):
                lexicon.add(f"={word.folded}", language, [word.folded])
    phrasings = {_phrasing(question, language, text, lexicon) for question, language, text in told}
    return tuple(sorted(phrasings, key=lambda p: (p.question, sorted(p.concepts), sorted(p.forms), p.slots)))


def _texts(question: Question) -> Iterable[tuple[str, str]]:
    for language in LANGUAGES:
        yield language, question.title[language]
        for text in question.phrasings.get(language, ()):
            yield language, text


def _phrasing(question: Question, language: str, text: str, lexicon: Lexicon) -> Phrasing:
    slots = tuple(_SLOT.findall(text))
    sentence = read(cleaned(_SLOT.sub(" ", text)), lexicon, language)
    said = sentence.pieces(lexicon, ())
    pieces = tuple(meaning for meaning in (_own(piece.meaning) for piece in said) if meaning.concepts)
    concepts = frozenset(concept for piece in pieces for concept in piece.concepts)
    return Phrasing(question.id, pieces, concepts, sentence.forms(said), slots)


def _own(meaning: Meaning) -> Meaning:
    """The meaning without topics that are not covered: no phrasing makes one covered."""
    return replace(meaning, concepts=frozenset(c for c in meaning.concepts if not c.startswith(FOREIGN)))
