"""What benchmarks/growth.py asks: every named question, things' descriptions and names, and how they are moved to a city."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from generate import city_name, slug

from graphsvc.errors import StyrgrafError
from graphsvc.formats import Format
from graphsvc.graph import Graph
from graphsvc.linked.description import Describer
from graphsvc.questions.names import choices, resolve

_HOME = "/id/goteborg/"
_MOST_TRIED = 60


@dataclass(frozen=True)
class Subject:
    """What is measured: a named question, a thing's description or a name, with the values that it is asked with."""

    kind: str
    name: str
    given: dict[str, str]

    @property
    def title(self) -> str:
        """What the table calls it."""
        return self.name

    def of_city(self, number: int) -> dict[str, str]:
        """The values, moved to the city with that number."""
        place = f"/id/{slug(city_name(number))}/" if number else _HOME
        return {name: value.replace(_HOME, place) for name, value in self.given.items()}


def subjects(graph: Graph) -> list[Subject]:
    """Everything that is measured, found in the smallest graph."""
    found = []
    for question in graph.questions:
        needed = {p.name: _example(question.query, p.name) for p in question.parameters if p.required}
        spare = [p for p in question.parameters if not p.required]
        scoped = dict(needed)
        for parameter in spare:
            best = _richest(graph, question.id, needed, parameter)
            if best and parameter.kind == "thing":
                scoped[parameter.name] = best
                break
        found.append(Subject("question", question.id, scoped))
        if spare:
            found.append(Subject("question", f"{question.id} *", needed))
    city = "https://w3id.org/styrgraf/id/goteborg"
    plan = f"{city}/document/plan-for-en-jamlik-stad-2019-2022"
    for thing in (plan, f"{plan}/skolan-som-arena", f"{city}/actor/forvaltnings-ab-framtiden",
                  "https://w3id.org/styrgraf/id/sverige/actor/polisen"):  # fmt: skip
        found.append(Subject("thing", "description of " + thing.rsplit("/", 1)[-1], {"thing": thing}))
        found.append(Subject("page", "page of " + thing.rsplit("/", 1)[-1], {"thing": thing}))
    found.append(Subject("name", "a name that one thing has", {"activities-involving-actor": "polisen"}))
    found.append(Subject("name", "a name that every city has", {"activities-involving-actor": "byggnadsnämnden"}))
    found.append(Subject("name", "a misspelt name", {"activities-involving-actor": "byggnasdnämden i tuna"}))
    return found


def _example(query: str, name: str) -> str:
    """The value that a question's file stands on."""
    block = re.search(rf"VALUES\s+\?{name}\s*\{{\s*(?:<([^>]*)>|\"([^\"]*)\")", query)
    if block is None:
        raise ValueError(f"{name} has no example")
    return block[1] or block[2]


def _richest(graph: Graph, question: str, needed: dict[str, str], parameter: Any) -> str | None:
    """The thing of the parameter's class about which the question tells most rows."""
    if parameter.kind != "thing":
        return None
    iris = [iri for iri, _ in choices(graph.store, graph.content, parameter, "sv")]
    iris.sort(key=lambda iri: (_HOME not in iri, iri))
    told = {iri: len(graph.answer(question, {**needed, parameter.name: iri}).rows) for iri in iris[:_MOST_TRIED]}
    return max(told, key=lambda iri: told[iri], default=None)


def ask(graph: Graph, describer: Describer, subject: Subject, number: int) -> int:
    """Ask about `subject` in a city; how many rows (or bytes) came."""
    given = subject.of_city(number)
    if subject.kind == "question":
        return len(graph.answer(subject.name.removesuffix(" *"), given).rows)
    if subject.kind == "thing":
        return len(describer.triples(given["thing"], Format("ttl")) or b"")
    if subject.kind == "page":
        return len(repr(describer.describe(given["thing"], "sv")))
    ((question, text),) = given.items()
    parameter = graph.questions[question].parameters[0]
    try:
        resolve(graph.store, graph.content, parameter, text)
    except StyrgrafError as error:
        return len(getattr(error, "candidates", None) or getattr(error, "suggestions", []))
    return 1
