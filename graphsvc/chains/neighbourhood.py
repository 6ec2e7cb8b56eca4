"""The neighbourhood of things: the steps around them, fetched layer by layer and bounded, never the whole graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from graphsvc.chains.kinds import Kinds, kinds_of
from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.labels import bind
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Row

MOST_STEPS_OF_A_THING = 1000  # the LIMIT of the queries
MOST_POINTING = 1000  # what more than this points to is a hub, and unless it is an end it is not followed further
MOST_STEPS = 2500  # and no more are read while nothing is found
_AT_ONCE = 32  # so few that their steps together seldom reach the LIMIT
_MOST_REMEMBERED = 50_000  # classes and steps of a release


@dataclass(frozen=True, order=True)
class Fact:
    """A step as the graph states it, from `source` to `target`; `kind` is the IRI of its kind, `evidence` of its passage."""

    source: str
    kind: str
    target: str
    rank: str = "preferred"
    evidence: str = ""

    def other(self, iri: str) -> str:
        """The end that is not `iri`."""
        return self.target if iri == self.source else self.source


@dataclass
class Memory:
    """What was read of a release for chains before: classes, all the steps at things, and which things are hubs."""

    classes: dict[str, str] = field(default_factory=dict)
    steps: dict[str, frozenset[Fact]] = field(default_factory=dict)
    hubs: dict[str, bool] = field(default_factory=dict)
    _held: int = 0

    def keep(self, steps: dict[str, frozenset[Fact]]) -> None:
        """Remember the steps at some things; where all is more than is held, begin anew."""
        self._held += sum(map(len, steps.values())) + len(steps)
        if self._held + len(self.classes) > _MOST_REMEMBERED:
            self.classes, self.steps, self.hubs, self._held = {}, {}, {}, 0
        self.steps |= steps


_memories: WeakKeyDictionary[Store, Memory] = WeakKeyDictionary()


def neighbourhood(graph: Graph) -> Neighbourhood:
    """A neighbourhood in `graph` with nothing in it yet; what was read of this release before need not be read again."""
    kinds = kinds_of(graph.content, graph.release.manifest.name)
    return Neighbourhood(graph.store, graph.content, kinds, _memories.setdefault(graph.store, Memory()))


@dataclass
class Neighbourhood:
    """The steps found so far, and what was not followed.

    `beside` are the steps by their ends. `hubs` have too many steps to be followed; `cut` says that there was more to be
    had, `exhausted` that all that can be reached is here.
    """

    store: Store
    content: Content
    kinds: Kinds
    memory: Memory = field(default_factory=Memory)
    facts: set[Fact] = field(default_factory=set)
    classes: dict[str, str] = field(default_factory=dict)
    hubs: set[str] = field(default_factory=set)
    cut: bool = False
    exhausted: bool = False
    beside: dict[str, set[Fact]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def grow(self, frontier: Collection[str], ends: Collection[str] = ()) -> set[str]:
        """Fetch the steps at each of `frontier` that is one of `ends` or may be gone through; what they lead to."""
        wanted = sorted(set(frontier) - self._asked)
        self._learn_classes(wanted)
        asked = self._without_hubs([iri for iri in wanted if self.may_pass(iri) or iri in ends], ends)
        self._asked.update(wanted)
        found = self._read(asked, ends)
        for fact in found - self.facts:
            self.beside.setdefault(fact.source, set()).add(fact)
            self.beside.setdefault(fact.target, set()).add(fact)
        self.facts |= found
        return {fact.other(iri) for iri in frontier for fact in self.beside.get(iri, ())}

    def _read(self, asked: list[str], ends: Collection[str]) -> set[Fact]:
        """The steps at each of `asked`, remembered or fetched."""
        known = {iri: steps for iri in asked if (steps := self.memory.steps.get(iri)) is not None}
        unknown = [iri for iri in asked if iri not in known]
        parts = [unknown[first : first + _AT_ONCE] for first in range(0, len(unknown), _AT_ONCE)]
        found = {fact for query in self.kinds.queries for part in parts for fact in self._steps(query, part, ends)}
        at: dict[str, set[Fact]] = {iri: set() for iri in unknown if iri not in self.hubs}
        for fact in found:
            for iri in (fact.source, fact.target):
                if iri in at:
                    at[iri].add(fact)
        self.memory.keep({iri: frozenset(facts) for iri, facts in at.items()})
        return found.union(*known.values())

    def _without_hubs(self, asked: list[str], ends: Collection[str]) -> list[str]:
        """`asked` without what so much points to that no step from it says anything."""
        told = self.memory.hubs
        doubtful = [iri for iri in asked if iri not in ends and iri not in told]
        if doubtful:
            rows = self.store.select(bind(self.content.lookup("chain-crowds"), {"thing": map(Iri, doubtful)})).rows
            crowds = {row["thing"].value for row in rows if int(row["number"].value) > MOST_POINTING}
            told |= {iri: iri in crowds for iri in doubtful}
        crowded = {iri for iri in asked if iri not in ends and told[iri]}
        self.hubs |= crowded
        return [iri for iri in asked if iri not in crowded]

    def alike(self, fact: Fact) -> list[Fact]:
        """Every fact here that says the same as `fact`, whatever its rank and passage; those of the best rank first."""
        same = fact.source, fact.kind, fact.target
        fewest = min((self.beside.get(iri, {fact}) for iri in same[::2]), key=len)
        found = {one for one in fewest if (one.source, one.kind, one.target) == same}
        return sorted(found | {fact}, key=lambda one: (one.rank != "preferred", one))

    def may_pass(self, iri: str) -> bool:
        """Whether a chain may go through `iri` (what a city itself is linked to says nothing)."""
        kind = self.kinds.things.get(self.class_of(iri))
        return kind is None or kind.through

    def class_of(self, iri: str) -> str:
        """The most particular class of `iri` that chains know, or nothing."""
        if iri not in self.classes:
            self._learn_classes([iri])
        return self.classes[iri]

    def classes_of(self, iris: Iterable[str]) -> dict[str, str]:
        """The class of each of `iris`, looked up at once."""
        wanted = sorted(set(iris))
        self._learn_classes(wanted)
        return {iri: self.classes[iri] for iri in wanted}

    def _learn_classes(self, iris: Iterable[str]) -> None:
        learnt = self.memory.classes
        unknown = []
        for iri in iris:
            if (known := learnt.get(iri)) is not None:
                self.classes[iri] = known
            elif iri not in self.classes:
                unknown.append(iri)
        if not unknown:
            return
        found: dict[str, set[str]] = {}
        for row in self.store.select(bind(self.kinds.things_query, {"thing": map(Iri, unknown)})).rows:
            found.setdefault(row["thing"].value, set()).add(row["class"].value)
        for iri in unknown:
            classes = found.get(iri, set())
            self.classes[iri] = learnt[iri] = next((kind for kind in self.kinds.things if kind in classes), "")

    def _steps(self, query: str, frontier: list[str], ends: Collection[str]) -> set[Fact]:
        """The steps at `frontier`; where there are more than the query gives, by halves, until a hub stands alone.

        A hub's steps are left out, since one could not tell those that say something from the rest; but where it is one
        of `ends` itself, as many as the query gives are in.
        """
        if not frontier:
            return set()
        rows = self.store.select(bind(query, {"node": map(Iri, frontier)})).rows
        if len(frontier) == 1 and len(rows) >= MOST_STEPS_OF_A_THING:
            self.hubs.add(frontier[0])
            rows = rows if frontier[0] in ends else []
        if len(frontier) == 1 or len(rows) < MOST_STEPS_OF_A_THING:
            return {fact for fact in map(_fact, rows) if fact.kind in self.kinds.steps and fact.source != fact.target}
        middle = len(frontier) // 2
        return self._steps(query, frontier[:middle], ends) | self._steps(query, frontier[middle:], ends)


def _fact(row: Row) -> Fact:
    rank = row.get("rank")
    evidence = row.get("evidence")
    return Fact(
        row["source"].value,
        row["kind"].value,
        row["target"].value,
        rank.value.rpartition("/")[2] if rank else "preferred",
        evidence.value if evidence else "",
    )
