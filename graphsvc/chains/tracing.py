"""The responsibility chain of a thing: its duties, and what can be followed from it up, down and across."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from graphsvc.chains import wording
from graphsvc.chains.model import ResponsibilityChain, Step
from graphsvc.chains.neighbourhood import Fact, Neighbourhood, neighbourhood
from graphsvc.chains.telling import Teller
from graphsvc.graph import Graph
from graphsvc.labels import labels_of
from graphsvc.terms import sort_key

MOST_STEPS_OF_A_PART = 250
MOST_THINGS_AT_ONCE = 120
MOST_DUTIES, MOST_DUTIES_FOLLOWED = 120, 20
_DEEPEST = 12

Read = tuple[Fact, bool, int]


def responsibility(graph: Graph, iri: str, language: str = "sv") -> ResponsibilityChain:
    """What the thing `iri` answers to, and what answers to it; told in `language` (sv or en).

    From an actor it leads over the activities and assignments that are its own; what reaches it through a group, its
    committee or its administration stands among its duties, but is not followed further; nor is anything where the duties
    are more than can be told, as those of a national agency in many cities.
    """
    around = neighbourhood(graph)
    kinds = around.kinds
    trace = _Trace(around, iri)
    duties = trace.duties()
    ends = {_end(read) for read in duties if read[2] == 0 and not trace.stops(_end(read))}
    own = {iri} if trace.shortened else trace.some({iri, *ends}, "duty", MOST_DUTIES_FOLLOWED)
    up = trace.follow(own, "up")
    documents = {_end(read) for read in up if not trace.stops(_end(read))}
    parts = {
        "duties": duties,
        "up": up,
        "down": trace.follow(own, "down"),
        "across": trace.follow(own | documents, "across"),
    }
    teller = Teller(graph.store, graph.content, around, language)
    steps, nodes = teller.tell([read for part in parts.values() for read in part])
    nodes = nodes if iri in nodes else nodes | teller.nodes([iri])
    told, taken = {}, 0
    for name, part in parts.items():
        told[name] = _in_reading_order(steps[taken : taken + len(part)], list(kinds.steps))
        taken += len(part)
    sentences = [
        line for name, part in told.items() for line in wording.grouped(part, kinds, language, outermost=name == "up")
    ]
    labels = labels_of(graph.store, graph.content, around.hubs, language)
    return ResponsibilityChain(
        about=nodes[iri],
        **told,
        sentences=tuple(sentences),
        notes=wording.notes(steps, list(nodes.values()), language),
        limits=(*wording.limits(around, labels, language), *wording.shortened(trace.shortened, language)),
        language=language,
    )


class _Trace:
    """Follows steps from a thing, in the directions that the kinds of steps allow."""

    def __init__(self, around: Neighbourhood, about: str) -> None:
        self._around, self._about = around, about
        self.shortened: list[str] = []

    def stops(self, iri: str) -> bool:
        """Whether a chain ends where it comes to `iri`."""
        kind = self._around.kinds.things.get(self._around.class_of(iri))
        return iri != self._about and kind is not None and (kind.stops or not kind.through)

    def some(self, iris: Iterable[str], how: str, most: int = MOST_THINGS_AT_ONCE) -> set[str]:
        """`iris`, or where they are too many to follow the first of them, its subject always among them."""
        ordered = sorted(set(iris), key=lambda iri: (iri != self._about, iri))
        if len(ordered) > most:
            self._shorten(how)
        return set(ordered[:most])

    def duties(self) -> list[Read]:
        """An actor's own duties, and those that it has through what it belongs to."""
        own = self._steps([self._about], "duty", 0)
        belonging = self._steps([self._about], "membership", 0)
        if not own and not belonging:
            return []
        through = self._steps({_end(read) for read in belonging}, "duty", 1)
        reached = {_start(read) for read in through}
        found = [*own, *(read for read in belonging if _end(read) in reached), *through]
        if len(found) > MOST_DUTIES:
            self._shorten("duty")
        return found[:MOST_DUTIES]

    def follow(self, begin: Collection[str], how: str) -> list[Read]:
        """Every step that can be followed as `how` from the things `begin`, each once, with its depth."""
        found: dict[Fact, Read] = {}
        reached, frontier = set(begin), set(begin)
        for depth in range(_DEEPEST):
            layer = self._steps(frontier, how, depth)
            new = [read for read in layer if read[0] not in found and (_end(read) != self._about or how == "down")]
            if len(found) + len(new) > MOST_STEPS_OF_A_PART:
                new = new[: MOST_STEPS_OF_A_PART - len(found)]
                self._shorten(how)
            found |= {read[0]: read for read in new}
            ends = set(map(_end, new)) - reached - {self._about}
            frontier = {end for end in ends if not self.stops(end)}
            reached |= frontier
            if not frontier or len(found) >= MOST_STEPS_OF_A_PART:
                break
        return list(found.values())

    def _steps(self, frontier: Iterable[str], how: str, depth: int) -> list[Read]:
        begin = self.some(frontier, how)
        self._around.grow(begin, begin)
        allowed: Mapping[str, frozenset[str]] = self._around.kinds.traced(how)
        beside = {fact for iri in begin for fact in self._around.beside.get(iri, ())}
        facts = sorted({self._around.alike(fact)[0] for fact in beside if fact.kind in allowed})
        self._around.classes_of(iri for fact in facts for iri in (fact.source, fact.target))
        found = []
        for fact in facts:
            for forward in (True, False):
                here, there = (fact.source, fact.target) if forward else (fact.target, fact.source)
                told = ("forward" if forward else "inverse") in allowed[fact.kind]
                if told and here in begin and not self._is_aside(there):
                    found.append((fact, forward, depth))
        return found

    def _shorten(self, how: str) -> None:
        if how not in self.shortened:
            self.shortened.append(how)

    def _is_aside(self, iri: str) -> bool:
        """Whether `iri` is something that a chain of responsibility has no use for: a conclusion, a lesson …"""
        kind = self._around.kinds.things.get(self._around.class_of(iri))
        return kind is not None and not kind.through and not kind.stops


def _start(read: Read) -> str:
    return read[0].source if read[1] else read[0].target


def _end(read: Read) -> str:
    return read[0].target if read[1] else read[0].source


def _in_reading_order(steps: Iterable[Step], kinds: list[str]) -> tuple[Step, ...]:
    """The steps so that what follows from a step stands after it: by kind as the files order them, then by name."""
    by_start: dict[str, list[Step]] = {}
    place = {kind.rpartition("#")[2].rpartition("/")[2]: index for index, kind in enumerate(kinds)}
    ordered = sorted(steps, key=lambda step: (step.depth, place.get(step.kind, 0), sort_key(step.end.label), step.end.iri))
    for step in ordered:
        by_start.setdefault(step.start.iri, []).append(step)
    told: dict[Step, None] = {}

    def tell(step: Step) -> None:
        if step not in told:
            told[step] = None
            for after in by_start.get(step.end.iri, ()):
                if after.depth == step.depth + 1:
                    tell(after)

    for step in ordered:
        tell(step)
    return tuple(told)
