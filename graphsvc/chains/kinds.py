"""The kinds of steps and of things that chains know, as the headers of queries/chains/*.rq declare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadFile

LANGUAGES = ("sv", "en")
DIRECTIONS = ("forward", "inverse")
TRACES = ("duty", "membership", "up", "down", "across")
_PRONOUN = {"sv": "som", "en": "which"}


@dataclass(frozen=True)
class Wording:
    """How a step is said in one direction: a short label, a main clause and a relative clause.

    The clauses hold {from} and {to} ({From} begins a sentence); the relative clause ends with {to}, for the next to follow.
    """

    label: str
    main: str
    then: str


@dataclass(frozen=True)
class StepKind:
    """A kind of step: its name, its weight each way, how a responsibility chain follows it, and how it is said.

    `siblings` is what it costs more to go up and down it again, to something that has the same thing above it ("both are
    members of the group"). `structure` says that it is how a document is arranged. `also` is the IRI of the inverse under
    which a claim may state it. `trace` is by direction, one of `TRACES`; `wording` by language and direction.
    """

    iri: str
    name: str
    weight: float
    siblings: float
    structure: bool
    also: str
    trace: Mapping[str, str]
    wording: Mapping[str, Mapping[str, Wording]]


@dataclass(frozen=True)
class ThingKind:
    """A kind of thing: what it costs to go through it, and how its name is said.

    Where not `through` a chain may end in it, but not go through it. A responsibility chain `stops` where it comes to one
    (an actor), since what that has to do otherwise is another matter. `noun` goes before its name and `many` before those
    of several; `opens` are the words that a name may begin with in place of it ("Beslut att anta …" is said "beslutet att
    anta …"). A name that is `quoted` stands in quotation marks.
    """

    iri: str
    weight: float
    through: bool
    stops: bool
    noun: Mapping[str, str]
    many: Mapping[str, str]
    opens: Mapping[str, tuple[str, ...]]
    quoted: bool


@lru_cache(maxsize=4)
def kinds_of(content: Content, release: str) -> Kinds:  # the release is part of the key
    """The kinds of `content`, read once for each release."""
    return Kinds(content)


class Kinds:
    """The kinds that the content's files declare, and the queries that fetch steps of them."""

    def __init__(self, content: Content) -> None:
        self._content = content

    @cached_property
    def _files(self) -> list[tuple[Path, dict[str, Any], str]]:
        return [(path, *headers.read(path)) for path in self._content.queries("chains")]

    @cached_property
    def queries(self) -> tuple[str, ...]:
        """The queries that fetch the steps at `VALUES ?node`, in order of their files' names."""
        return tuple(headers.without(text) for _, header, text in self._files if "steps" in header)

    @cached_property
    def things_query(self) -> str:
        """The query that tells the classes of `VALUES ?thing`."""
        return next(headers.without(text) for _, header, text in self._files if "things" in header)

    @cached_property
    def steps(self) -> dict[str, StepKind]:
        """The kinds of steps, by IRI."""
        kinds = [
            _step(path, name, given) for path, header, _ in self._files for name, given in header.get("steps", {}).items()
        ]
        return {kind.iri: kind for kind in kinds}

    @cached_property
    def things(self) -> dict[str, ThingKind]:
        """The kinds of things by IRI, the most particular first."""
        return {
            kind.iri: kind
            for path, header, _ in self._files
            for kind in (_thing(path, name, given or {}) for name, given in header.get("things", {}).items())
        }

    def traced(self, how: str) -> dict[str, frozenset[str]]:
        """The directions in which a responsibility chain follows each kind of step as `how` (one of `TRACES`)."""
        found = {iri: frozenset(way for way, told in kind.trace.items() if told == how) for iri, kind in self.steps.items()}
        return {iri: ways for iri, ways in found.items() if ways}


def _step(path: Path, name: str, given: Mapping[str, Any]) -> StepKind:
    unknown = set(given) - {"weight", "siblings", "structure", "also", "trace", *LANGUAGES}
    if unknown:
        raise BadFile(path, f"Steget {name} har okända fält: {', '.join(sorted(unknown))}.", "Ta bort dem.")
    trace = dict(given.get("trace") or {})
    if not set(trace) <= set(DIRECTIONS) or not set(trace.values()) <= set(TRACES):
        raise BadFile(path, f"Steget {name} har trace: {trace}.", f"Välj bland {', '.join(TRACES)} för varje riktning.")
    return StepKind(
        iri=headers.expanded(path, name),
        name=name.partition(":")[2],
        weight=float(given.get("weight", 1)),
        siblings=float(given.get("siblings", 0)),
        structure=bool(given.get("structure", False)),
        also=headers.expanded(path, str(given["also"])) if "also" in given else "",
        trace=trace,
        wording={lang: {way: _wording(path, name, given, lang, way) for way in DIRECTIONS} for lang in LANGUAGES},
    )


def _wording(path: Path, name: str, given: Mapping[str, Any], language: str, way: str) -> Wording:
    """The wording as the file gives it; a single phrase stands for its three forms."""
    told = (given.get(language) or {}).get(way)
    if isinstance(told, str):
        return Wording(told, f"{{From}} {told} {{to}}", f"{_PRONOUN[language]} {told} {{to}}")
    if not isinstance(told, dict):
        raise BadFile(path, f"Steget {name} saknar {way} på {language}.", f"Skriv {language}: {{{way}: …}}.")
    label = str(told.get("label") or "")
    if not label:
        raise BadFile(path, f"Steget {name} saknar label i {way} på {language}.", "Skriv en kort benämning.")
    main = str(told.get("main", f"{{From}} {label} {{to}}"))
    then = str(told.get("then", f"{_PRONOUN[language]} {label} {{to}}"))
    if not then.endswith("{to}"):
        raise BadFile(path, f"Bisatsen till {name} ({way}, {language}) slutar inte med {{to}}.", "Ändra ordföljden.")
    return Wording(label, main, then)


def _thing(path: Path, name: str, given: Mapping[str, Any]) -> ThingKind:
    noun = {language: str(given.get(language, "")) for language in LANGUAGES}
    unknown = set(given) - {"weight", "through", "stops", "many", "quoted", "opens", *LANGUAGES}
    if unknown:
        raise BadFile(path, f"Slaget {name} har okända fält: {', '.join(sorted(unknown))}.", "Ta bort dem.")
    through = bool(given.get("through", True))
    weight = float(given.get("weight", 0))
    opens = {lang: tuple(map(str, (given.get("opens") or {}).get(lang, ()))) for lang in LANGUAGES}
    stops, quoted = bool(given.get("stops", False)), bool(given.get("quoted", False))
    many = {lang: str((given.get("many") or {}).get(lang, "")) for lang in LANGUAGES}
    return ThingKind(headers.expanded(path, name), weight, through, stops, noun, many, opens, quoted)
