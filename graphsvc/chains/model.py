"""What a chain is: things, the steps between them with the words that say so, and the sentence that tells it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from graphsvc.labels import PassageText

Basis = Literal["source", "general-knowledge", "structure"]


@dataclass(frozen=True)
class Node:
    """A thing on a chain.

    `kind` is the IRI of its class and `kind_label` that class in words ("aktivitet"). `document` is the IRI of the document
    that it stands in (or is), `document_label` its name; `proposal` says that the document, or the thing, is only a förslag,
    and `status` says so in words (otherwise it is None).
    """

    iri: str
    label: str
    kind: str
    kind_label: str
    document: str | None = None
    document_label: str | None = None
    proposal: bool = False
    status: str | None = None


@dataclass(frozen=True)
class Step:
    """One step, as it is read: from `start` to `end`.

    `kind` is the name of the step's kind ("responsible"), `relation` that kind in words in the direction read ("ansvarar
    för"), `forward` whether that is the direction in which the graph states it, and `label` the kind in words in the
    graph's direction (an arrow's). `sentence` says the step alone.
    `basis` is source (there are `passages`), general-knowledge (no source says so) or structure (it follows from how a
    document or the register is arranged). `rank` is preferred, or normal where another source is believed more.
    `depth` counts from 0 within a responsibility chain: how far from its subject the step begins.
    """

    kind: str
    relation: str
    label: str
    start: Node
    end: Node
    forward: bool
    sentence: str
    passages: tuple[PassageText, ...]
    basis: Basis
    rank: str = "preferred"
    depth: int = 0


@dataclass(frozen=True)
class Edge:
    """A step as an arrow of a diagram, in the direction in which the graph states it; `label` reads in that direction."""

    source: str
    target: str
    kind: str
    label: str
    basis: Basis
    rank: str


@dataclass(frozen=True)
class Chain:
    """One way in which two things hang together: `sentence` tells it whole; `cost` is its length, weighted by kind."""

    steps: tuple[Step, ...]
    cost: float
    sentence: str
    notes: tuple[str, ...] = ()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The things on it, in order, each once."""
        return nodes_of(self.steps)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Its steps as arrows."""
        return edges_of(self.steps)


@dataclass(frozen=True)
class Chains:
    """How `start` and `end` hang together: the best chain first, then others that differ in kind; none if none was found.

    `text` is one sentence that says the answer, also where it is that nothing was found. `limits` are the limits that the
    search met, each in a sentence; empty where the whole neighbourhood was read.
    """

    start: Node
    end: Node
    chains: tuple[Chain, ...]
    text: str
    limits: tuple[str, ...]
    language: str

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The things on all chains, each once."""
        return nodes_of(step for chain in self.chains for step in chain.steps) or (self.start, self.end)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The steps of all chains as arrows, each once."""
        return edges_of(step for chain in self.chains for step in chain.steps)


@dataclass(frozen=True)
class ResponsibilityChain:
    """What `about` answers to and what answers to it.

    `duties` are an actor's roles in activities (empty for other things); `up` leads to programme, assignment and decision;
    `down` to activities, tasks and actors; `across` to the remiss, those consulted, the yttranden and the follow-up.
    Steps stand in reading order, `depth` tells how far from the beginning. `sentences` tell it in words, by part.
    """

    about: Node
    duties: tuple[Step, ...]
    up: tuple[Step, ...]
    down: tuple[Step, ...]
    across: tuple[Step, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    limits: tuple[str, ...]
    language: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """All its steps: duties, up, down, across."""
        return (*self.duties, *self.up, *self.down, *self.across)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The things in it, each once, its subject first."""
        return tuple({node.iri: node for node in (self.about, *nodes_of(self.steps))}.values())

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Its steps as arrows, each once."""
        return edges_of(self.steps)


def nodes_of(steps: Iterable[Step]) -> tuple[Node, ...]:
    """The things that `steps` lead between, in order, each once."""
    return tuple({node.iri: node for step in steps for node in (step.start, step.end)}.values())


def edges_of(steps: Iterable[Step]) -> tuple[Edge, ...]:
    """`steps` as arrows, in order, each once."""
    found: dict[tuple[str, str, str], Edge] = {}
    for step in steps:
        source, target = (step.start, step.end) if step.forward else (step.end, step.start)
        edge = Edge(source.iri, target.iri, step.kind, step.label, step.basis, step.rank)
        found.setdefault((edge.source, edge.target, edge.kind), edge)
    return tuple(found.values())
