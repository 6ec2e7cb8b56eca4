"""From what a user writes to the thing meant: an IRI, or any known name in any case."""

from __future__ import annotations

from collections.abc import Callable

from graphsvc.content import Content
from graphsvc.errors import AmbiguousName, BadParameter, UnknownName
from graphsvc.labels import bind, labels_of
from graphsvc.questions.catalogue import Parameter
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, absolute_iri, fold, sort_key

_LONGEST_NAME = 300


Nearest = Callable[[str, str, str], list[tuple[str, str]]]
"""Gives the (IRI, label) of the things whose names are most like a text, best first: of a text, a class and a language."""


def resolve(store: Store, content: Content, parameter: Parameter, text: str, language: str, nearest: Nearest) -> Iri:
    """The thing of the parameter's class that `text` names.

    UnknownName (with the `nearest` names) or AmbiguousName (with the candidates) if it is not exactly one.
    """
    if len(text) > _LONGEST_NAME:
        raise BadParameter(parameter.name, f"högst {_LONGEST_NAME} tecken.")
    found = _of_class(store, content, parameter, _candidates(text))
    if len(found) == 1:
        return Iri(found[0])
    if not found:
        raise UnknownName(parameter.name, text, nearest(text, parameter.of or "", language))
    labels = labels_of(store, content, found, language)
    exact = [iri for iri in found if fold(labels.get(iri, "")) == fold(text)]
    if len(exact) == 1:
        return Iri(exact[0])
    raise AmbiguousName(parameter.name, text, [(iri, labels.get(iri, iri)) for iri in found])


def choices(store: Store, content: Content, parameter: Parameter, language: str) -> list[tuple[str, str]]:
    """(IRI, label) of every thing that the parameter may be."""
    table = store.select(bind(content.lookup("choices"), {"class": [Iri(parameter.of or "")]}))
    iris = [row["thing"].value for row in table.rows]
    labels = labels_of(store, content, iris, language)
    return sorted(((iri, labels[iri]) for iri in iris if iri in labels), key=lambda choice: sort_key(choice[1]))


def _candidates(text: str) -> list[Iri | Literal]:
    stripped = text.strip()
    iri = absolute_iri(stripped)
    return [Literal(fold(stripped)), *([iri] if iri else [])]


def _of_class(store: Store, content: Content, parameter: Parameter, names: list[Iri | Literal]) -> list[str]:
    query = bind(content.lookup("by-name"), {"class": [Iri(parameter.of or "")], "name": names})
    return sorted({row["thing"].value for row in store.select(query).rows})
