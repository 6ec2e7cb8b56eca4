"""What a page tells of a thing, arranged from the rows that tell it: named, in order, with the passages in reading order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graphsvc.labels import PassageText
from graphsvc.namespaces import RANK, shorten
from graphsvc.terms import Iri, Literal, Row, Term, sort_key

_PREFERRED = RANK + "preferred"
_LAST = "~"


@dataclass(frozen=True)
class Name:
    """What a thing is called, in which language (empty where it is only an abbreviated IRI), and its IRI."""

    iri: str
    text: str
    language: str


@dataclass(frozen=True)
class Fact:
    """A property and its values, named things and literals, in the order they are to be read."""

    property: Name
    values: tuple[Name | Literal, ...]


@dataclass(frozen=True)
class Passage:
    """The words that carry a fact, their language, and the status (förslag, antagen) of the document they are from."""

    words: PassageText
    language: str
    status: Name | None


@dataclass(frozen=True)
class Statement:
    """A claim (aspect: its property) or responsibility statement (aspect: its role), with the passages that say so."""

    name: Name
    aspect: Name
    values: tuple[Name | Literal, ...]
    rank: Name | None
    preferred: bool
    basis: Name | None
    negated: bool
    reasons: tuple[Literal, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Pointing:
    """The things that point here by one property; of what says one fact in several ways, `kind` is which way."""

    property: Name
    kind: Name | None
    subjects: tuple[Name, ...]


@dataclass(frozen=True)
class Description:
    """All that a page tells of a thing.

    `document` is the thing itself, or the document that it is a part of, or (`is_told`) one that only tells of it;
    `left_out` is how many more things point at it, None if they are too many to count.
    """

    name: Name
    kinds: tuple[Name, ...]
    document: Name | None
    status: Name | None
    is_told: bool
    leads: tuple[Literal, ...]
    passages: tuple[Passage, ...]
    facts: tuple[Fact, ...]
    names: tuple[Fact, ...]
    statements: tuple[Statement, ...]
    pointing: tuple[Pointing, ...]
    machine: tuple[Fact, ...]
    left_out: int | None


@dataclass(frozen=True)
class Valued:
    """A value of a property, with the order of the part that it names."""

    property: str
    value: Term
    order: int


class Words:
    """Turns rows into what a page shows, by the names, passages and sections that were looked up."""

    def __init__(self, names: dict[str, Name], passages: dict[str, Row], sections: dict[str, str]) -> None:
        self._names, self._rows, self._sections = names, passages, sections

    def name(self, iri: str) -> Name:
        return self._names.get(iri) or Name(iri, shorten(iri), "")

    def sections(self, said: Iterable[Row]) -> dict[str, list[Valued]]:
        found: dict[str, list[Valued]] = defaultdict(list)
        for row in said:
            order = int(row["order"].value) if "order" in row else 1 << 30
            section = self._sections.get(row["property"].value, "fact")
            found[section].append(Valued(row["property"].value, row["value"], order))
        return found

    def facts(self, values: Iterable[Valued]) -> tuple[Fact, ...]:
        grouped: dict[str, list[Valued]] = defaultdict(list)
        for valued in values:
            grouped[valued.property].append(valued)
        facts = []
        for iri, of_one in grouped.items():
            shown = sorted(((v.order, self._value(v.value)) for v in of_one), key=lambda pair: (pair[0], by_name(pair[1])))
            facts.append(Fact(self.name(iri), tuple(value for _, value in shown)))
        return tuple(sorted(facts, key=lambda fact: by_name(fact.property)))

    def passages(self, evidence: Iterable[str]) -> tuple[Passage, ...]:
        """The passages in reading order: by source, then by where in it they stand."""
        rows = sorted((self._rows[iri] for iri in set(evidence) if iri in self._rows), key=_place)
        return tuple(self._passage(row) for row in rows)

    def statements(self, rows: Iterable[Row]) -> tuple[Statement, ...]:
        """One for each claim or statement; those with a passage first, in reading order."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            grouped[row["statement"].value].append(row)

        def order(rows: list[Row]) -> tuple[str, str, int, tuple[tuple[str, str], str]]:
            told = [_place(self._rows[r["evidence"].value]) for r in rows if r.get("evidence", Iri("")).value in self._rows]
            aspect = self.name(rows[0]["aspect"].value)
            return (*min(told, default=(_LAST, _LAST, 0)), by_name(aspect))

        return tuple(self._statement(of_one) for of_one in sorted(grouped.values(), key=order))

    def pointing(self, rows: Iterable[Row]) -> tuple[Pointing, ...]:
        grouped: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            kind = row["kind"].value if "kind" in row else ""
            grouped[row["property"].value, kind].add(row["subject"].value)
        found = [Pointing(self.name(prop), self.name(kind) if kind else None,
                          tuple(sorted(map(self.name, subjects), key=by_name)))
                 for (prop, kind), subjects in grouped.items()]  # fmt: skip
        return tuple(sorted(found, key=lambda p: (p.kind.text if p.kind else "", by_name(p.property))))

    def _statement(self, rows: list[Row]) -> Statement:
        first = rows[0]
        values = {self._value(row["value"]) for row in rows}
        reasons = {row["reason"] for row in rows if isinstance(row.get("reason"), Literal)}
        return Statement(
            self.name(first["statement"].value),
            self.name(first["aspect"].value),
            tuple(sorted(values, key=by_name)),
            self._optional(first, "rank"),
            first.get("rank", Iri(_PREFERRED)).value == _PREFERRED,
            self._optional(first, "basis"),
            any(row["negated"].value in ("true", "1") for row in rows if "negated" in row),
            tuple(sorted((r for r in reasons if isinstance(r, Literal)), key=lambda r: r.value)),
            self.passages(row["evidence"].value for row in rows if "evidence" in row),
        )

    def _passage(self, row: Row) -> Passage:
        heading = row["heading"].value if "heading" in row else None
        page = int(row["page"].value) if "page" in row else None
        source, title = row["source"].value, row["title"].value
        words = PassageText(row["evidence"].value, source, title, heading, row["quote"].value, page)
        return Passage(words, getattr(row["quote"], "language", "") or "sv", self._optional(row, "status"))

    def _optional(self, row: Row, name: str) -> Name | None:
        return self.name(row[name].value) if name in row else None

    def _value(self, term: Term) -> Name | Literal:
        return self.name(term.value) if isinstance(term, Iri) else term


def best_names(rows: Iterable[Row], language: str) -> dict[str, Name]:
    """The label of each thing in `language`, otherwise in Swedish, otherwise any."""
    best: dict[str, tuple[int, str, str]] = {}
    for row in rows:
        iri, label, tag = row["thing"].value, row["label"].value, getattr(row["label"], "language", "")
        rank = (0 if tag == language else 1 if tag == "sv" else 2, label, tag)
        best[iri] = min(best.get(iri, rank), rank)
    return {iri: Name(iri, label, tag) for iri, (_, label, tag) in best.items()}


def by_name(value: Name | Literal) -> tuple[tuple[str, str], str]:
    if isinstance(value, Name):
        return sort_key(value.text), value.iri
    return sort_key(value.value), value.language


def _place(row: Row) -> tuple[str, str, int]:
    """Where a passage stands, so that passages sort as they are read."""
    start = int(row["start"].value) if "start" in row else 1 << 30
    return row["title"].value, row["source"].value, start


def in_language(literals: Iterable[Literal], language: str) -> tuple[Literal, ...]:
    """Those in `language`, or the Swedish ones, or all: one account, not its translations beside it."""
    told = sorted(literals, key=lambda literal: literal.value)
    for tag in (language, "sv"):
        if chosen := tuple(literal for literal in told if literal.language == tag):
            return chosen
    return tuple(told)
