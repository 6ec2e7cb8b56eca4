"""A sentence as it is read: its words with what they mean, the names in it, and the days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from graphsvc.ask.dates import Day, days
from graphsvc.ask.lexicon import JOINING, Lexicon, Meaning
from graphsvc.ask.words import LANGUAGES, Token, keys, plain, stem, tokens

_SWEDISH = re.compile(r"[åäöÅÄÖ]")
_QUOTED = re.compile(r"[\"“”«»„][^\"“”«»„]*[\"“”«»„]")  # a name, in whatever language
_LETTER = 0.5  # what a Swedish letter tells: less than a Swedish word, since names have them in English too


@dataclass(frozen=True)
class Candidate:
    """What a mention may be: its IRI and label, the classes that it is of, how well the name fits (0 to 1),
    and the document that it belongs to, or that it alone has published."""

    iri: str
    label: str
    classes: frozenset[str]
    score: float
    document: str | None = None


@dataclass(frozen=True)
class Mention:
    """A place in the sentence (character offsets) where something is named, and what that may be, best first.

    `everyday` if it only says what kind of document it is ("planen"); `weak` if its words also mean something of their own.
    """

    start: int
    end: int
    candidates: tuple[Candidate, ...]
    weak: bool = False
    everyday: bool = False

    def of(self, kind: str) -> list[Candidate]:
        """The candidates of the class `kind`."""
        return [candidate for candidate in self.candidates if kind in candidate.classes]


@dataclass(frozen=True)
class Piece:
    """One or several words that mean something together: their concepts, or none that are known."""

    start: int
    end: int
    text: str
    meaning: Meaning
    named: bool = False


@dataclass(frozen=True)
class Sentence:
    """The sentence, its words, its days and what is named in it; `language` is that of its small words."""

    text: str
    words: tuple[Token, ...]
    language: str
    days: tuple[Day, ...]
    mentions: tuple[Mention, ...] = ()
    _kept: dict[frozenset[Mention], tuple[Piece, ...]] = field(default_factory=dict, compare=False, repr=False)

    def pieces(self, lexicon: Lexicon, taken: Iterable[Mention]) -> tuple[Piece, ...]:
        """The pieces outside the mentions `taken` and the days."""
        key = frozenset(taken)
        if key not in self._kept:
            covered = [(mention.start, mention.end) for mention in key] + [(day.start, day.end) for day in self.days]
            words = [word for word in self.words if word.folded not in JOINING]
            outside = [word for word in words if not any(word.start < end and start < word.end for start, end in covered)]
            self._kept[key] = tuple(_pieces(self, lexicon, outside))
        return self._kept[key]

    def forms(self, pieces: Iterable[Piece]) -> frozenset[str]:
        """The stems of the words in `pieces`."""
        return frozenset(stem(word.folded, self.language) for piece in pieces for word in tokens(piece.text))


def cleaned(text: str) -> str:
    """`text` in NFC with single spaces and without control characters."""
    composed = unicodedata.normalize("NFC", text)
    printable = "".join(char if char.isprintable() else " " for char in composed)
    return " ".join(printable.split())


def language_of(text: str, lexicon: Lexicon, preferred: str) -> str:
    """The language that most of the words of `text` are written in; the preferred one where both fit as well."""
    counts = dict.fromkeys(LANGUAGES, 0.0)
    for word in tokens(_QUOTED.sub(" ", text)):
        for language in lexicon.written.get(plain(word.folded), ()):
            counts[language] += 1
        if _SWEDISH.search(word.text):
            counts["sv"] += _LETTER
    return max(LANGUAGES, key=lambda language: (counts[language], language == preferred))


def read(text: str, lexicon: Lexicon, preferred: str) -> Sentence:
    """The sentence in `text`, without its mentions."""
    return Sentence(text, tuple(tokens(text)), language_of(text, lexicon, preferred), tuple(days(text)))


def with_names(sentence: Sentence, mentions: tuple[Mention, ...], lexicon: Lexicon, preferred: str) -> Sentence:
    """The sentence with its mentions; its language is that of the words beside them, as names are Swedish in English too."""
    beside = list(sentence.text)
    for mention in mentions:
        if not mention.weak:
            beside[mention.start : mention.end] = " " * (mention.end - mention.start)
    language = language_of("".join(beside), lexicon, preferred)
    return Sentence(sentence.text, sentence.words, language, sentence.days, mentions)


def _pieces(sentence: Sentence, lexicon: Lexicon, outside: list[Token]) -> Iterable[Piece]:
    sequence = [keys(word.folded, sentence.language) for word in outside]
    at = 0
    while at < len(outside):
        word = outside[at]
        group = lexicon.group(sequence, at, sentence.language)
        if group is not None:
            length, meaning = group
            last = outside[at + length - 1]
            yield Piece(word.start, last.end, sentence.text[word.start : last.end], meaning)
            at += length
            continue
        named = word.looks_like_name and at > 0
        meaning = lexicon.meaning(word.folded, sentence.language, guessing=not named)
        yield Piece(word.start, word.end, word.text, meaning, named)
        at += 1
