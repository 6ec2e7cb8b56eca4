"""The language files (queries/language/*.yaml): words that mean the same, mean nothing by themselves, are foreign."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from graphsvc import headers
from graphsvc.ask.words import LANGUAGES, keys, plain, tokens
from graphsvc.content import Content
from graphsvc.errors import BadFile

# How the names of Swedish bodies and documents end: an unknown compound with such an ending is the name of one.
ONE_OF_ITS_KIND = re.compile(
    r"(nämnden|verket|bolaget|kontoret|förvaltningen|rådet|styrelsen|kommun|museet|tjänsten|"
    r"planen|programmet|strategin|policyn|budgeten|förordningen|utredningen)s?$"
)
JOINING = frozenset({"och", "and"})  # what may stand anywhere in a group of words
SILENT = "silent"
FOREIGN = "foreign:"
TITLE = "title-"  # concepts that say which one of several posts is asked for
_FIELDS = {"concepts", "silent", "foreign", "types", "yes-or-no", "in-order", "heads", "today", "untold", "orders", "polite"}
_SHORTEST_SLIP = 4
_SHORT_SLIP = 5  # up to so many letters only left out or swapped ones are slips
_SHORTEST_PART = 3
_MOST_SLIPS = 5000  # kept: looking through all words takes long
_LONG = 8  # letters from which a misspelt word is rather one than a compound
_LONGEST_SURE = 9  # letters from which two slips are allowed


@dataclass(frozen=True)
class Meaning:
    """What a word or a group of words means: its concepts (none for a silent word), and whether it is known at all.

    `soft` if it may as well mean nothing by itself ("fick"); `slip` if it was misspelt.
    """

    concepts: frozenset[str] = frozenset()
    known: bool = False
    slip: bool = False
    soft: bool = False


UNKNOWN = Meaning()


@dataclass
class Lexicon:
    """The words of the language files and of the questions, by the forms that they are compared by."""

    forms: dict[str, dict[str, set[str]]] = field(default_factory=lambda: {lang: defaultdict(set) for lang in LANGUAGES})
    groups: dict[str, dict[tuple[str, str], list[tuple[tuple[str, ...], str]]]] = field(
        default_factory=lambda: {lang: defaultdict(list) for lang in LANGUAGES}
    )
    foreign: dict[str, Mapping[str, str]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    openings: set[tuple[str, ...]] = field(default_factory=set)
    orders: set[tuple[str, ...]] = field(default_factory=set)
    polite: set[str] = field(default_factory=set)
    in_order: set[str] = field(default_factory=set)
    today: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    untold: set[str] = field(default_factory=set)
    _slips: dict[tuple[str, str], Meaning] = field(default_factory=dict)
    written: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, concept: str, language: str, words: Iterable[str]) -> None:
        """Let each of `words` (or group of words) mean `concept`."""
        for word in words:
            parts = [token.folded for token in tokens(word.casefold()) if token.folded not in JOINING]
            if len(parts) > 1:
                sequence = tuple(keys(part, language)[-1] for part in parts)
                self.groups[language][sequence[0], sequence[1]].append((sequence, concept))
                for part in parts:
                    self.written[plain(part)].add(language)
            elif parts:
                self._add_word(concept, language, parts[0])

    def _add_word(self, concept: str, language: str, word: str) -> None:
        exact, *stems = keys(word, language)
        self.forms[language]["=" + exact].add(concept)
        for form in (stems or [exact]) if not concept.startswith(FOREIGN) else ():  # of what is foreign, only as written
            self.forms[language][form].add(concept)
        self.written[exact].add(language)

    def knows(self, word: str) -> bool:
        """Whether the folded `word` is one of ours, in either language, as it is written."""
        return any(self._look(word, language) is not None for language in LANGUAGES)

    def asked_with(self, word: str) -> bool:
        """Whether the folded `word` is one of ours that is not only said of what is not covered."""
        found = [meaning for meaning in (self._look(word, language) for language in LANGUAGES) if meaning]
        return any(not meaning.concepts or not all(c.startswith(FOREIGN) for c in meaning.concepts) for meaning in found)

    def misspelt(self, word: str) -> bool:
        """Whether the folded `word` is a misspelling of one of ours."""
        return self._slip(word, LANGUAGES).known

    def silent(self, word: str) -> bool:
        """Whether the folded `word` is known and may mean nothing by itself."""
        found = [meaning for meaning in (self._look(word, language) for language in LANGUAGES) if meaning]
        return any(not meaning.concepts or meaning.soft for meaning in found)

    def meaning(self, word: str, language: str, guessing: bool = True) -> Meaning:
        """What the folded `word` means, in `language` rather than the other.

        If `guessing`, so may other forms of our words, slips and compounds; otherwise only words as we write them.
        """
        order = (language, *(other for other in LANGUAGES if other != language))
        for lang in order:
            found = self._look(word, lang) if guessing or plain(word) in self.written else None
            if found is not None:
                return found
        if not guessing:
            return UNKNOWN
        slip = self._slip(word, order)
        if slip.known and len(word) >= _LONG:
            return slip
        for lang in order:
            parts = self._compound(word, lang)
            if parts is not None:
                return parts
        return slip

    def group(self, sequence: Sequence[tuple[str, ...]], at: int, language: str) -> tuple[int, Meaning] | None:
        """(length, meaning) of the longest known group of words that begins at `at`; each word is given by its keys."""
        longest, concepts = 0, set[str]()
        beginnings = product(sequence[at], sequence[at + 1]) if at + 1 < len(sequence) else ()
        for words, concept in (group for two in beginnings for group in self.groups[language].get(two, ())):
            if len(words) < longest or len(words) > len(sequence) - at:
                continue
            if all(word in sequence[at + place] for place, word in enumerate(words)):
                concepts = concepts if len(words) == longest else set()
                longest = len(words)
                concepts.add(concept)
        return (longest, _meaning(concepts)) if longest else None

    def _look(self, word: str, language: str) -> Meaning | None:
        forms = self.forms[language]
        exact, *stems = keys(word, language)
        for form in ("=" + exact, exact, *stems):
            if form in forms:
                return _meaning(forms[form])
        return None

    def _compound(self, word: str, language: str) -> Meaning | None:
        """The meaning of a compound of two known words, with or without a binding s; the longest last part wins."""
        if (language != "sv" and "-" not in word) or ONE_OF_ITS_KIND.search(word):
            return None
        for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            first, last = word[:cut].rstrip("-"), word[cut:].lstrip("-")
            if len(last) < _SHORTEST_PART + 1:
                continue
            head = self._look(last, language)
            if head is None or not head.concepts:
                continue
            forms = (first, first.removesuffix("s"), first + "a", first + "e")
            modifiers = [self._look(form, language) for form in forms if len(form) >= _SHORTEST_PART]
            modifier = next((modifier for modifier in modifiers if modifier is not None), None)
            if modifier is not None:
                return Meaning(head.concepts | modifier.concepts, known=True)
            if head.concepts & self.heads:
                return Meaning(head.concepts, known=True)
        return None

    def _slip(self, word: str, order: Sequence[str]) -> Meaning:
        """The meanings of the words that `word` is most likely a misspelling of."""
        key = word, order[0]
        if key not in self._slips:
            if len(self._slips) >= _MOST_SLIPS:
                self._slips.clear()
            self._slips[key] = self._nearest(word, order)
        return self._slips[key]

    def _nearest(self, word: str, order: Sequence[str]) -> Meaning:
        written = plain(word)
        if len(written) < _SHORTEST_SLIP or not written.isalpha():
            return UNKNOWN
        most = 1 if len(written) < _LONGEST_SURE else 2
        near = process.extract(written, self._choices, scorer=OSA.distance, limit=5, score_cutoff=most)
        fitting = [(distance, form) for form, distance, _ in near if _likely(written, form, distance)]
        found = [self._look(form, lang) for distance, form in fitting if distance == fitting[0][0] for lang in order]
        meant = [meaning for meaning in found if meaning is not None]
        if all(meaning.concepts and all(c.startswith(FOREIGN) for c in meaning.concepts) for meaning in meant):
            return UNKNOWN
        concepts = frozenset(c for meaning in meant for c in meaning.concepts if not c.startswith(FOREIGN))
        return Meaning(concepts, known=True, slip=True, soft=any(meaning.soft or not meaning.concepts for meaning in meant))

    @cached_property
    def _choices(self) -> list[str]:
        return [form for form in self.written if len(form) >= _SHORTEST_SLIP - 1]


def _likely(written: str, form: str, distance: int) -> bool:
    """Whether `written` is a likely misspelling: in a short word letters are left out or swapped, not replaced by others."""
    if len(written) <= _SHORT_SLIP:
        return form[0] == written[0] and (len(form) != len(written) or sorted(form) == sorted(written))
    return form[0] == written[0] or (distance == 1 and len(written) > _SHORT_SLIP + 1)


def _meaning(concepts: set[str]) -> Meaning:
    own = {concept for concept in concepts if not concept.startswith(FOREIGN) and concept != SILENT}
    return Meaning(frozenset(own or concepts - {SILENT}), known=True, soft=SILENT in concepts)


def read_lexicon(content: Content) -> Lexicon:
    """The lexicon of the content's language files; BadFile where one is not what it should be."""
    lexicon = Lexicon()
    for path in sorted((content.root / "queries" / "language").glob("*.yaml")):
        _add_file(lexicon, path)
    return lexicon


def _add_file(lexicon: Lexicon, path: Path) -> None:
    told = headers.document(path, plain=True)  # words are words: "no" is no truth value
    unknown = set(told) - _FIELDS
    if unknown:
        raise BadFile(path, f"Okända fält: {', '.join(sorted(unknown))}.", f"Välj bland {', '.join(sorted(_FIELDS))}.")
    for language, words in told.get("silent", {}).items():
        lexicon.add(SILENT, language, map(str, words))
    for concept, words in told.get("concepts", {}).items():
        for language in LANGUAGES:
            lexicon.add(concept, language, map(str, words.get(language, ())))
    for topic, words in told.get("foreign", {}).items():
        concept = FOREIGN + topic
        lexicon.foreign[concept] = words["label"]
        for language in LANGUAGES:
            lexicon.add(concept, language, map(str, words.get(language, ())))
    for name, openings in (("yes-or-no", lexicon.openings), ("orders", lexicon.orders)):
        for words in told.get(name, {}).values():
            openings |= {tuple(plain(token.folded) for token in tokens(str(word))) for word in words}
    for words in told.get("in-order", {}).values():
        lexicon.in_order |= {plain(str(word)) for word in words}
    for words in told.get("today", {}).values():
        lexicon.today |= {plain(str(word)) for word in words}
    for words in told.get("polite", {}).values():
        lexicon.polite |= {plain(str(word)) for word in words}
    for concepts in told.get("heads", {}).values():
        lexicon.heads |= set(map(str, concepts))
    for concepts in told.get("untold", {}).values():
        lexicon.untold |= set(map(str, concepts))
    for type_name, words in told.get("types", {}).items():
        for language in LANGUAGES:
            for word in words.get(language, ()):
                lexicon.types[str(word)] = type_name
