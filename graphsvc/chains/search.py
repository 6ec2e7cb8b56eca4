"""How two things hang together: finds the chains between them and tells each."""

from __future__ import annotations

from dataclasses import replace

from graphsvc.chains import paths, wording
from graphsvc.chains.kinds import Kinds
from graphsvc.chains.model import Chain, Chains, Step
from graphsvc.chains.neighbourhood import Fact, neighbourhood
from graphsvc.chains.telling import Teller
from graphsvc.graph import Graph
from graphsvc.labels import labels_of


def between(graph: Graph, start_iri: str, end_iri: str, language: str = "sv", most: int = 5) -> Chains:
    """At most `most` chains between two things, given by IRI: the best first, then others that differ in kind.

    `language` is sv or en. Chains without any chain in them where none was found; `text` then says so.
    """
    around = neighbourhood(graph)
    kinds = around.kinds
    found = paths.between(around, start_iri, end_iri, most) if start_iri != end_iri else []
    teller = Teller(graph.store, graph.content, around, language)
    read = [_reading(start_iri, facts) for _, facts in found]
    steps, nodes = teller.tell([one for facts in read for one in facts])
    nodes = nodes if nodes else teller.nodes([start_iri, end_iri])
    chains, taken = [], 0
    for cost, facts in found:
        own = steps[taken : taken + len(facts)]
        taken += len(facts)
        chains.append(_chain(own, cost, kinds, language))
    start, end = nodes[start_iri], nodes[end_iri]
    names = wording.name(start, kinds, language), wording.name(end, kinds, language)
    if start_iri == end_iri:
        text = wording.same(names, language)
    elif chains:
        text = chains[0].sentence
    else:
        text = wording.nothing(names, language, None if around.exhausted else len(around.facts))
    limits = wording.limits(around, labels_of(graph.store, graph.content, around.hubs, language), language)
    return Chains(start, end, tuple(chains), text, limits, language)


def _chain(steps: tuple[Step, ...], cost: float, kinds: Kinds, language: str) -> Chain:
    numbered = tuple(replace(step, depth=index) for index, step in enumerate(steps))
    chain = Chain(numbered, cost, wording.sentence(numbered, kinds, language))
    return replace(chain, notes=wording.notes(chain.steps, chain.nodes, language))


def _reading(start: str, facts: list[Fact]) -> list[tuple[Fact, bool, int]]:
    """The facts as they are read from `start`: each with whether it is read in its own direction."""
    read, here = [], start
    for depth, fact in enumerate(facts):
        read.append((fact, fact.source == here, depth))
        here = fact.other(here)
    return read
