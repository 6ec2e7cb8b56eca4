"""What is said of a thing and what points at it: as data to show, with labels and passages, and as triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graphsvc.content import Content
from graphsvc.formats import Format
from graphsvc.labels import PassageText, bind
from graphsvc.namespaces import RDFS, STYR, shorten
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Literal, Row, Term, sort_key

MOST_POINTING = 1000
MOST_COUNTED = 100_000
_LABEL = RDFS + "label"
_EVIDENCE = frozenset((STYR + "evidence", STYR + "throughEvidence"))
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
    """The words that carry a fact, and the status (förslag, antagen) of the document whose words they are, if known."""

    words: PassageText
    status: Name | None


@dataclass(frozen=True)
class Statement:
    """A claim (aspect: its property) or responsibility statement (aspect: its role), with the passages that say so."""

    name: Name
    aspect: Name
    values: tuple[Name | Literal, ...]
    rank: Name | None
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
    """All that a page tells of a thing. `left_out` is how many more point at it, None if they are too many to count."""

    name: Name
    kinds: tuple[Name, ...]
    document: Name | None
    status: Name | None
    leads: tuple[Literal, ...]
    passages: tuple[Passage, ...]
    facts: tuple[Fact, ...]
    statements: tuple[Statement, ...]
    pointing: tuple[Pointing, ...]
    machine: tuple[Fact, ...]
    left_out: int | None


class Describer:
    """Describes the things of a release's `store`, and of `more`: definitions that are told by files, not by the store."""

    def __init__(self, store: EmbeddedStore, content: Content, more: EmbeddedStore) -> None:
        self._stores, self._store, self._content = (store, more), store, content

    def knows(self, iri: str) -> bool:
        """Whether anything is said of `iri`, or points at it."""
        return bool(self._all("description-exists", "thing", [iri]))

    def triples(self, iri: str, format: Format) -> bytes | None:
        """What is said of `iri`, its evidence, what points at it (at most a thousand) and the labels of all that is named.

        In `format` (ttl, nt, rdf or jsonld), the same bytes each time; None if there is nothing to say.
        """
        said = self._all("description", "thing", [iri])
        pointing = self._all("description-pointing", "thing", [iri])[:MOST_POINTING]
        if not said and not pointing:
            return None
        evidence = [row["value"].value for row in said if row["property"].value in _EVIDENCE]
        found = {(Iri(iri), row["property"], row["value"]) for row in said}
        found |= {(row["subject"], row["property"], Iri(iri)) for row in pointing}
        found |= {(r["subject"], r["property"], r["value"]) for r in self._all("description-evidence", "evidence", evidence)}
        named = {term.value for triple in found for term in triple if isinstance(term, Iri)}
        found |= {(row["thing"], Iri(_LABEL), row["label"]) for row in self._all("labels", "thing", named)}
        return serialise(self._content, iri, found, format)

    def describe(self, iri: str, language: str) -> Description | None:
        """What a page in `language` tells of `iri`; None if there is nothing to say."""
        said = self._all("description", "thing", [iri])
        pointing = self._all("description-pointing", "thing", [iri])
        if not said and not pointing:
            return None
        kinds = [row["kind"].value for row in self._all("description-kinds", "thing", [iri])]
        own = [kind for kind in kinds if kind.startswith(STYR)] or kinds
        home = min(self._all("description-document", "thing", [iri]), key=lambda row: row["nearness"].value, default={})
        stated = self._all("description-statements", "thing", [iri])
        passages = self._passages([row["value"].value for row in said if row["property"].value in _EVIDENCE]
                                  + [row["evidence"].value for row in stated if "evidence" in row])  # fmt: skip
        shown = {row["statement"].value for row in stated}
        left = [row for row in pointing[:MOST_POINTING] if row["subject"].value not in shown]
        named = {iri, *own, *(term.value for row in (*said, home, *stated, *left, *passages.values())
                              for key, term in row.items() if key != "evidence" and isinstance(term, Iri))}  # fmt: skip
        words = _Words(self._names(named, language), passages, self._sections())
        sections = words.sections(said)
        return Description(
            words.name(iri),
            tuple(sorted(map(words.name, own), key=_by_name)),
            words.name(home["document"].value) if home else None,
            words.name(home["status"].value) if home else None,
            _in_language([v.value for v in sections["lead"] if isinstance(v.value, Literal)], language),
            words.passages(v.value.value for v in sections["passage"]),
            words.facts(sections["fact"]),
            words.statements(stated),
            words.pointing(left),
            words.facts([*sections["machine"], *sections["passage"]]),
            self._left_out(iri) if len(pointing) > MOST_POINTING else 0,
        )

    def _all(self, lookup: str, name: str, iris: Iterable[str]) -> list[Row]:
        """The rows of a lookup about `iris`, from the release and from the definitions, each once."""
        wanted = [Iri(iri) for iri in sorted(set(iris))]
        if not wanted:
            return []
        query = bind(self._content.lookup(lookup), {name: wanted})
        rows = [row for store in self._stores for row in store.select(query).rows]
        return list({tuple(row.items()): row for row in rows}.values())

    def _sections(self) -> dict[str, str]:
        rows = self._store.select(self._content.lookup("description-sections")).rows
        return {row["property"].value: row["section"].value for row in rows}

    def _names(self, iris: Iterable[str], language: str) -> dict[str, Name]:
        """What `iris` are called: by their own labels, otherwise by what they say again or the words that they hold."""
        wanted = set(iris)
        names = _best(self._all("labels", "thing", wanted), language)
        return names | _best(self._all("description-labels", "thing", wanted - set(names)), language)

    def _passages(self, evidence: Iterable[str]) -> dict[str, Row]:
        return {row["evidence"].value: row for row in self._all("description-passages", "evidence", evidence)}

    def _left_out(self, iri: str) -> int | None:
        query = bind(self._content.lookup("description-pointing-count"), {"thing": [Iri(iri)]})
        count = int(self._store.select(query).rows[0]["count"].value)
        return count - MOST_POINTING if count <= MOST_COUNTED else None


def serialise(content: Content, iri: str, triples: Iterable[tuple[Term, Term, Term]], format: Format) -> bytes:
    """`triples` in `format`, those of `iri` first, the same bytes for the same triples."""
    store = EmbeddedStore.create()
    lines = [f"{subject.sparql()} {predicate.sparql()} {value.sparql()} .\n" for subject, predicate, value in triples]
    store.load_ntriples("".join(lines).encode())
    return tidy(store.answer(bind(content.lookup("description-triples"), {"thing": [Iri(iri)]}), format), format)


def tidy(data: bytes, format: Format) -> bytes:
    """`data` with, in Turtle, only the prefixes that it uses, in order: the engine writes all, in any order."""
    if format.name != "ttl":
        return data
    lines = data.decode().split("\n")
    head = sorted(line for line in lines if line.startswith("@prefix "))
    body = "\n".join(line for line in lines if not line.startswith("@prefix "))
    used = [line for line in head if line.split()[1] in body]
    return "\n".join([*used, "", body]).encode()


@dataclass(frozen=True)
class _Valued:
    """A value of a property, with the order of the part that it names."""

    property: str
    value: Term
    order: int


class _Words:
    """Turns rows into what a page shows, by the names, passages and sections that were looked up."""

    def __init__(self, names: dict[str, Name], passages: dict[str, Row], sections: dict[str, str]) -> None:
        self._names, self._rows, self._sections = names, passages, sections

    def name(self, iri: str) -> Name:
        return self._names.get(iri) or Name(iri, shorten(iri), "")

    def sections(self, said: Iterable[Row]) -> dict[str, list[_Valued]]:
        found: dict[str, list[_Valued]] = defaultdict(list)
        for row in said:
            order = int(row["order"].value) if "order" in row else 1 << 30
            section = self._sections.get(row["property"].value, "fact")
            found[section].append(_Valued(row["property"].value, row["value"], order))
        return found

    def facts(self, values: Iterable[_Valued]) -> tuple[Fact, ...]:
        grouped: dict[str, list[_Valued]] = defaultdict(list)
        for valued in values:
            grouped[valued.property].append(valued)
        facts = []
        for iri, of_one in grouped.items():
            shown = sorted(((v.order, self._value(v.value)) for v in of_one), key=lambda pair: (pair[0], _by_name(pair[1])))
            facts.append(Fact(self.name(iri), tuple(value for _, value in shown)))
        return tuple(sorted(facts, key=lambda fact: _by_name(fact.property)))

    def passages(self, evidence: Iterable[str]) -> tuple[Passage, ...]:
        """The passages in reading order: by source, then by where in it they stand."""
        rows = sorted((self._rows[iri] for iri in set(evidence) if iri in self._rows), key=_place)
        return tuple(self._passage(row) for row in rows)

    def statements(self, rows: Iterable[Row]) -> tuple[Statement, ...]:
        """One for each claim or statement; those with a passage first, in reading order."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            grouped[row["statement"].value].append(row)

        def order(rows: list[Row]) -> tuple[str, str, int, tuple[str, str]]:
            told = [_place(self._rows[r["evidence"].value]) for r in rows if r.get("evidence", Iri("")).value in self._rows]
            aspect = self.name(rows[0]["aspect"].value)
            return (*min(told, default=(_LAST, _LAST, 0)), _by_name(aspect))

        return tuple(self._statement(of_one) for of_one in sorted(grouped.values(), key=order))

    def pointing(self, rows: Iterable[Row]) -> tuple[Pointing, ...]:
        grouped: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            kind = row["kind"].value if "kind" in row else ""
            grouped[row["property"].value, kind].add(row["subject"].value)
        found = [Pointing(self.name(prop), self.name(kind) if kind else None,
                          tuple(sorted(map(self.name, subjects), key=_by_name)))
                 for (prop, kind), subjects in grouped.items()]  # fmt: skip
        return tuple(sorted(found, key=lambda p: (_by_name(p.property), p.kind.text if p.kind else "")))

    def _statement(self, rows: list[Row]) -> Statement:
        first = rows[0]
        values = {self._value(row["value"]) for row in rows}
        reasons = {row["reason"] for row in rows if isinstance(row.get("reason"), Literal)}
        return Statement(
            self.name(first["statement"].value),
            self.name(first["aspect"].value),
            tuple(sorted(values, key=_by_name)),
            self._optional(first, "rank"),
            self._optional(first, "basis"),
            any(row["negated"].value in ("true", "1") for row in rows if "negated" in row),
            tuple(sorted((r for r in reasons if isinstance(r, Literal)), key=lambda r: r.value)),
            self.passages(row["evidence"].value for row in rows if "evidence" in row),
        )

    def _passage(self, row: Row) -> Passage:
        page, heading = row.get("page"), row.get("heading")
        words = PassageText(row["evidence"].value, row["source"].value, row["title"].value, heading.value if heading else None,
                            row["quote"].value, int(page.value) if page else None)  # fmt: skip
        return Passage(words, self._optional(row, "status"))

    def _optional(self, row: Row, name: str) -> Name | None:
        return self.name(row[name].value) if name in row else None

    def _value(self, term: Term) -> Name | Literal:
        return self.name(term.value) if isinstance(term, Iri) else term


def _best(rows: Iterable[Row], language: str) -> dict[str, Name]:
    """The label of each thing in `language`, otherwise in Swedish, otherwise any."""
    best: dict[str, tuple[int, str, str]] = {}
    for row in rows:
        iri, label, tag = row["thing"].value, row["label"].value, getattr(row["label"], "language", "")
        rank = (0 if tag == language else 1 if tag == "sv" else 2, label, tag)
        best[iri] = min(best.get(iri, rank), rank)
    return {iri: Name(iri, label, tag) for iri, (_, label, tag) in best.items()}


def _by_name(value: Name | Literal) -> tuple[tuple[str, str], str]:
    if isinstance(value, Name):
        return sort_key(value.text), value.iri
    return sort_key(value.value), value.language


def _place(row: Row) -> tuple[str, str, int]:
    """Where a passage stands, so that passages sort as they are read."""
    start = int(row["start"].value) if "start" in row else 1 << 30
    return row["title"].value, row["source"].value, start


def _in_language(literals: Iterable[Literal], language: str) -> tuple[Literal, ...]:
    """Those in `language`, or the Swedish ones, or all: one account, not its translations beside it."""
    told = sorted(literals, key=lambda literal: literal.value)
    for tag in (language, "sv"):
        if chosen := tuple(literal for literal in told if literal.language == tag):
            return chosen
    return tuple(told)
