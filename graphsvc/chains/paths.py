"""The paths between two things in a neighbourhood: the cheapest first, then others that differ in kind. networkx's home."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import pairwise
from math import inf, log2
from typing import TYPE_CHECKING, Any

from graphsvc.chains.kinds import Kinds
from graphsvc.chains.neighbourhood import MOST_STEPS, Fact, Neighbourhood

if TYPE_CHECKING:  # networkx takes long to import, and few need it
    import networkx as nx

_AT_ONCE = 64  # things whose steps are fetched together
_WIDTH = 1.2  # and which lie so near one another in cost
_ENOUGH = 900  # steps: where a chain is found and so many are read, one need not look further
_LOOK = 1.6  # how much dearer than the best a chain may be to be looked for
_MOST_TRIED = 20_000
_COST_OF_NORMAL_RANK = 0.5
_MANY = 8  # what has more steps than this begins to say little
_COST_OF_DOUBLING = 0.35
_COST_OF_HUB = 5.0
_DEAREST = 1.4  # a chain this many times dearer than the best, and a little, says too little to be told
_A_LITTLE = 3.0

Path = tuple[float, list[Fact]]


def between(around: Neighbourhood, start: str, end: str, most: int) -> list[Path]:
    """At most `most` paths from `start` to `end`, each its cost and its facts in order; grows `around` as far as needed."""
    if not _meet(around, start, end):
        return []
    found: list[Path] = []
    seen: set[tuple[tuple[str, bool], ...]] = set()
    for cost, facts in _cheapest(_graph(around, start, end), around.kinds, start, end):
        if found and cost > found[0][0] * _DEAREST + _A_LITTLE:
            break
        manner = _manner(around.kinds, start, facts)
        if manner not in seen:
            seen.add(manner)
            found.append((cost, facts))
        if len(found) == most:
            break
    return found


class _Side:
    """What is reached from one of the ends, and what that cost; the cheapest is gone on from first."""

    def __init__(self, end: str) -> None:
        self.cost = {end: 0.0}
        self._gone_on = 0
        self._waiting = [(0.0, end)]

    @property
    def radius(self) -> float:
        """How far it has come: nothing that costs less is still to be found."""
        while self._waiting and self._waiting[0][0] > self.cost[self._waiting[0][1]]:
            heappop(self._waiting)
        return self._waiting[0][0] if self._waiting else inf

    @property
    def work(self) -> float:
        """How many things there are to go on from; more than any number where there is none."""
        return len(self.cost) - self._gone_on if self.radius < inf else inf

    def take(self) -> list[str]:
        """The next things to go on from."""
        farthest, taken = self.radius + _WIDTH, list[str]()
        while self.radius <= farthest and len(taken) < _AT_ONCE:
            taken.append(heappop(self._waiting)[1])
        self._gone_on += len(taken)
        return taken

    def reach(self, iri: str, cost: float) -> bool:
        """Note that `iri` can be reached for `cost`; whether that is better than was known."""
        if cost >= self.cost.get(iri, inf):
            return False
        self.cost[iri] = cost
        heappush(self._waiting, (cost, iri))
        return True


def _meet(around: Neighbourhood, start: str, end: str) -> bool:
    """Grow the neighbourhood from both ends, what is cheapest first, until no chain worth telling can lie outside it."""
    one, other = _Side(start), _Side(end)
    best = inf
    while not _is_done(around, one.radius, other.radius, best):
        if len(around.facts) > (MOST_STEPS if best == inf else _ENOUGH):
            around.cut = best == inf
            break
        side, opposite = (one, other) if one.work <= other.work else (other, one)
        shared = {iri: cost for iri, cost in _go_on(around, side, (start, end)) if iri in opposite.cost}
        around.classes_of(shared)
        best = min(
            [best, *(cost + opposite.cost[iri] for iri, cost in shared.items() if _may_meet(around, iri, start, end))]
        )
    around.exhausted = best == inf and not around.cut and not around.hubs
    return best < inf


def _is_done(around: Neighbourhood, one: float, other: float, best: float) -> bool:
    """Whether sides that have come so far (inf: as far as they can) need go no further."""
    if one == other == inf or (inf in (one, other) and not around.hubs):
        return True
    return sum(radius for radius in (one, other) if radius < inf) > best + _LOOK


def _may_meet(around: Neighbourhood, iri: str, start: str, end: str) -> bool:
    return iri in (start, end) or around.may_pass(iri)


def _go_on(around: Neighbourhood, side: _Side, ends: tuple[str, str]) -> list[tuple[str, float]]:
    """Go on from what is cheapest on `side`; what was reached at less cost than before, and that cost."""
    taken = side.take()
    around.grow(taken, ends)
    better = []
    for here in taken:
        passing = _cost_of_crowd(around, here) if here in ends else cost_of_passing(around, here)
        for fact in sorted(around.beside.get(here, ())):
            there, cost = fact.other(here), side.cost[here] + passing + _cost(around, fact)
            if (here in ends or around.may_pass(here)) and side.reach(there, cost):
                better.append((there, cost))
    return better


def _cost(around: Neighbourhood, fact: Fact) -> float:
    return around.kinds.steps[fact.kind].weight + (_COST_OF_NORMAL_RANK if fact.rank != "preferred" else 0.0)


def cost_of_passing(around: Neighbourhood, iri: str) -> float:
    """What it costs to go through `iri`, by its class and by how many steps it has here (parts are not counted)."""
    kind = around.kinds.things.get(around.class_of(iri))
    return (kind.weight if kind else 1.0) + _cost_of_crowd(around, iri)


def _cost_of_crowd(around: Neighbourhood, iri: str) -> float:
    if iri in around.hubs:
        return _COST_OF_HUB
    degree = sum(not around.kinds.steps[fact.kind].structure for fact in around.beside.get(iri, ()))
    return log2(max(degree, _MANY) / _MANY) * _COST_OF_DOUBLING


def _graph(around: Neighbourhood, start: str, end: str) -> nx.DiGraph[str]:
    """The neighbourhood as networkx walks it: of steps between the same two things the cheapest, both ways.

    Going through a thing costs by its class and by how many steps it has, since what is linked to everything says little.
    """
    import networkx as nx

    inner = _without_dead_ends(around, {start, end})
    around.classes_of(inner)
    passing = {iri: 0.0 if iri in (start, end) else cost_of_passing(around, iri) for iri in inner}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for (one, other), (cost, fact) in _cheapest_facts(around, inner).items():
        for here, there in ((one, other), (other, one)):
            if there in (start, end) or around.may_pass(there):
                graph.add_edge(here, there, cost=cost + passing[there], fact=fact)
    return graph


def _cheapest_facts(around: Neighbourhood, inner: set[str]) -> dict[tuple[str, str], tuple[float, Fact]]:
    """For every two of the things `inner` that have a step between them, the cheapest such step and its cost."""
    cheapest: dict[tuple[str, str], tuple[float, Fact]] = {}
    for fact in sorted(fact for fact in around.facts if fact.source in inner and fact.target in inner):
        pair = (min(fact.source, fact.target), max(fact.source, fact.target))
        cost = _cost(around, fact)
        if pair not in cheapest or cost < cheapest[pair][0]:
            cheapest[pair] = (cost, fact)
    return cheapest


def _without_dead_ends(around: Neighbourhood, ends: set[str]) -> set[str]:
    """The things in the neighbourhood that lead on, besides `ends`: most lead nowhere, and nothing need be known of them."""
    beside = {iri: {fact.other(iri) for fact in facts} for iri, facts in around.beside.items()}
    dead = [iri for iri, others in beside.items() if len(others) < 2 and iri not in ends]
    while dead:
        gone = dead.pop()
        for other in beside.pop(gone, ()):
            beside[other].discard(gone)
            if len(beside[other]) == 1 and other not in ends:
                dead.append(other)
    return set(beside)


def _cheapest(graph: nx.DiGraph[str], kinds: Kinds, start: str, end: str) -> Iterator[Path]:
    """The paths without detours, cheapest first; those that cost the same in order of the things on them.

    A path makes a detour where two things on it, not next to one another, have a step between them.
    """
    import networkx as nx

    left = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), end, weight="cost") if end in graph else {}
    waiting: list[tuple[float, tuple[str, ...], float]] = [(left[start], (start,), 0.0)] if start in left else []
    tried = 0
    while waiting and tried < _MOST_TRIED:
        _, things, cost = heappop(waiting)
        tried += 1
        if things[-1] == end:
            yield round(cost, 3), _facts(graph, things)
            continue
        for there, edge in graph[things[-1]].items():
            if there in left and there not in things and not _is_detour(graph, things, there, end):
                dearer = round(cost + edge["cost"] + _siblings(graph, kinds, things, edge["fact"]), 6)
                heappush(waiting, (round(dearer + left[there], 6), (*things, there), dearer))


def _is_detour(graph: nx.DiGraph[str], things: tuple[str, ...], there: str, end: str) -> bool:
    """Whether `there` could have been reached sooner (that start and end may have a step of their own apart)."""
    return any(graph.has_edge(earlier, there) for earlier in things[1 if there == end else 0 : -1])


def _siblings(graph: nx.DiGraph[str], kinds: Kinds, things: tuple[str, ...], fact: Fact) -> float:
    """What it costs more where `fact` goes back, over the same kind of step, what the step before it went."""
    if len(things) < 2:
        return 0.0
    before: Fact = graph.edges[things[-2], things[-1]]["fact"]
    back = before.kind == fact.kind and (before.source == things[-1]) == (fact.source == things[-1])
    return kinds.steps[fact.kind].siblings if back else 0.0


def _facts(graph: nx.DiGraph[str], things: tuple[str, ...]) -> list[Fact]:
    edges: Any = graph.edges
    return [edges[pair]["fact"] for pair in pairwise(things)]


def _manner(kinds: Kinds, start: str, facts: list[Fact]) -> tuple[tuple[str, bool], ...]:
    """The kinds of steps in order, each with its direction: going up or down several parts in a row counts once."""
    manner: list[tuple[str, bool]] = []
    here = start
    for fact in facts:
        step = (fact.kind, fact.source == here)
        here = fact.other(here)
        if not (manner and manner[-1] == step and kinds.steps[fact.kind].structure):
            manner.append(step)
    return tuple(manner)
