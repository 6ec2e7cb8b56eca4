"""The index of names as its users meet it: search for what people type, and spot names in what they write."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from graphsvc.errors import BadParameter
from graphsvc.namespaces import PREFIXES, STYR
from graphsvc.search.base import Base, Found
from graphsvc.search.vocabulary import Vocabulary

LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its IRI, label and kind (IRI), the name that matched, its document, and how well (0–1)."""

    iri: str
    label: str
    kind: str
    name: str
    document: str | None
    score: float


@dataclass(frozen=True)
class Spot:
    """A place in a text, from `start` to `end`, where something is named; what it may be, best first."""

    start: int
    end: int
    hits: tuple[Hit, ...]


class NameIndex:
    """The index in the file at `path`; `ordinary` are words, in plain letters, that people ask with and misspell no name by.

    Safe to use from several threads.
    """

    def __init__(self, path: Path, ordinary: Collection[str] = ()) -> None:
        self._base = Base(path)
        self._vocabulary = Vocabulary(self._base)
        self._ordinary = frozenset(ordinary)

    def search(self, text: str, *, language: str = "sv", kinds: Collection[str] = (), most: int = 10) -> list[Hit]:
        """The things with a name like `text`, at most `most`, best first.

        A whole name comes before one that holds the words, before one whose words begin so, before one with compounds that
        hold them, before one that only looks like it; then what is used more. `kinds` are IRIs of classes (none: all).
        """
        from graphsvc.search.ranking import Ranking

        of = self._base.numbers(kinds)
        if (kinds and not of) or most < 1:
            return []
        ranked = Ranking(self._base, self._vocabulary, of, most).of(text[:LONGEST_TEXT])
        return [self.hit(found, score, language) for found, score in ranked]

    def spot(self, text: str, *, kinds: Collection[str] = ()) -> list[Spot]:
        """The names inside a running sentence, longest first; they may overlap. `kinds` as in `search`."""
        from graphsvc.search.spotting import Spotting

        of = self._base.numbers(kinds)
        if kinds and not of:
            return []
        spotted = Spotting(self._base, self._vocabulary, self._ordinary, of).of(text[:LONGEST_TEXT])
        return [
            Spot(start, end, tuple(self.hit(found, score, "sv") for found, score in ranked))
            for (start, end), ranked in spotted
        ]

    def kind_label(self, kind: str, language: str = "sv") -> str:
        """What a hit's kind is called, or its IRI where it has no label."""
        for _, iri, sv, en, _ in self._base.classes:
            if iri == kind:
                return (en if language == "en" else sv) or sv or en or iri
        return kind

    def kind_named(self, name: str) -> str:
        """The IRI of the class that `name` is: an IRI, a prefixed name, or the local name of one of our own (Actor).

        BadParameter if no named thing is of that class.
        """
        prefix, colon, local = name.partition(":")
        iri = PREFIXES[prefix] + local if colon and prefix in PREFIXES else name if colon else STYR + name
        if not self._base.numbers([iri]):
            raise BadParameter(
                "kind",
                f"inget med ett namn är av slaget ”{name}”. Skriv till exempel Actor, Activity eller Plan.",
                f"nothing with a name is of the kind “{name}”. Write for instance Actor, Activity or Plan.",
            )
        return iri

    def label(self, iri: str, language: str = "sv") -> str:
        """The label of a named thing, or its IRI where it has none."""
        found = self._base.rows("SELECT sv, en FROM thing WHERE iri = ?", (iri,))
        return str(found[0][1 if language == "en" else 0]) if found else iri

    def hit(self, found: Found, score: float, language: str) -> Hit:
        """A found name as a hit."""
        label = found.labels[1 if language == "en" else 0]
        kind = self._base.classes[found.kind - 1][1]
        return Hit(found.iri, label, kind, found.text, found.document, round(min(1.0, max(0.0, score)), 4))
