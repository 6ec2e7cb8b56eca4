"""Fields of forms that name a thing: what was written there, the thing it means, or what is wrong and what is near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graphsvc.chains import names
from graphsvc.errors import AmbiguousName, BadParameter, UnknownName
from graphsvc.graph import Graph
from graphsvc.labels import bind, labels_of
from graphsvc.markup import Link
from graphsvc.pages.frame import Visit
from graphsvc.pages.kept import kept
from graphsvc.pages.sections import meant, shown
from graphsvc.terms import Iri, sort_key

MOST_CHOICES = 300
_MOST_NEAR = 12
Misnamed = UnknownName | AmbiguousName | BadParameter
"""Why a field does not mean one thing."""


@dataclass(frozen=True)
class NameField:
    """A field: its name and label, what stands in it, the IRI that it means (or empty), what is wrong, and what is near.

    `kinds` are what is suggested as one writes; `choices` what can be chosen, as (value, label).
    """

    name: str
    label: str
    value: str = ""
    iri: str = ""
    problem: str = ""
    nearest: tuple[Link, ...] = ()
    status: int = 200
    kinds: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> str:
        """What an address holds for it."""
        return shown(self.iri) if self.iri else self.value


def name_field(
    visit: Visit, name: str, label: str, kinds: Sequence[str] = (), choices: Sequence[tuple[str, str]] = ()
) -> NameField:
    """The field `name` as the visit fills it; `kinds` are IRIs of the classes that it may be of (none: all)."""
    text = meant(visit.query.get(name, "").strip())
    empty = NameField(name, label, text, kinds=" ".join(kinds), choices=tuple(choices))
    if not text:
        return empty
    try:
        iri = names.resolve(visit.graph, text, kinds, name, visit.language)
    except (UnknownName, AmbiguousName, BadParameter) as error:
        problem, nearest = told_wrong(visit, name, error, visit.query)
        return replace(empty, problem=problem, nearest=nearest, status=404 if isinstance(error, UnknownName) else 400)
    told = labels_of(visit.graph.store, visit.graph.content, [iri], visit.language).get(iri, iri)
    return replace(empty, value=told, iri=iri)


def told_wrong(visit: Visit, field: str, error: Misnamed, query: Mapping[str, str]) -> tuple[str, tuple[Link, ...]]:
    """What is wrong with what was written in the field of that name, and the page, asked with `query`, for what is near."""
    if isinstance(error, BadParameter):
        return error.details[visit.language], ()
    if isinstance(error, UnknownName):
        near = error.suggestions
        told = visit.say(f"Inget av det slaget heter ”{error.name}”.", f"Nothing of that kind is called “{error.name}”.")
    else:
        near, number = error.candidates[:_MOST_NEAR], len(error.candidates)
        told = visit.say(f"”{error.name}” kan betyda {number} saker.", f"“{error.name}” can mean {number} things.")
    return told, tuple(Link(label, visit.go(visit.path, **{**query, field: shown(iri)})) for iri, label in near)


def status_of(fields: Iterable[NameField]) -> int:
    """The status of a page with these fields: that of the first that is wrong."""
    return next((field.status for field in fields if field.status != 200), 200)


def choices(visit: Visit, lookup: str, of: str = "") -> tuple[tuple[str, str], ...]:
    """(what an address holds, label) of the things that a lookup gives, of the class `of` where it takes one.

    In Swedish order; none where they are too many to choose among.
    """
    return kept(visit.graph, ("choices", lookup, of, visit.language), lambda: _choices(visit, lookup, of))


def _choices(visit: Visit, lookup: str, of: str) -> tuple[tuple[str, str], ...]:
    graph = visit.graph
    query = graph.content.lookup(lookup)
    rows = graph.store.select(bind(query, {"class": [Iri(of)]}) if of else query).rows
    iris = {term.value for row in rows for term in row.values()}
    if len(iris) > MOST_CHOICES:
        return ()
    named = labels_of(graph.store, graph.content, iris, visit.language)
    return tuple((shown(iri), label) for iri, label in sorted(named.items(), key=lambda pair: sort_key(pair[1])))


def drafts(graph: Graph, iris: Iterable[str]) -> set[str]:
    """Which of the things with those IRIs are only a förslag, or stand in one."""
    asked = [Iri(iri) for iri in iris if iri]
    if not asked:
        return set()
    found = graph.store.select(bind(graph.content.lookup("chain-standing"), {"thing": asked})).rows
    return {row["thing"].value for row in found if "proposal" in row and row["proposal"].value in ("true", "1")}
