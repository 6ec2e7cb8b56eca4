"""From what a user writes to the thing meant: an IRI, or any known name in any case."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from graphsvc.content import Content
from graphsvc.errors import AmbiguousName, BadParameter, UnknownName
from graphsvc.labels import bind, labels_of
from graphsvc.questions.catalogue import Parameter
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, Term, absolute_iri, fold, sort_key

LONGEST_NAME = 300  # characters

Nearest = Callable[[str, str, str], list[tuple[str, str]]]
"""Gives the (IRI, label) of the things whose names are most like a text, best first: of a text, a class and a language."""


def resolve(store: Store, content: Content, parameter: Parameter, text: str, language: str, nearest: Nearest) -> Iri:
    """The thing of the parameter's class that `text` names.

    UnknownName (with the `nearest` names) or AmbiguousName (with the candidates) if it is not exactly one.
    """
    if len(text) > LONGEST_NAME:
        raise BadParameter(parameter.name, f"högst {LONGEST_NAME} tecken.", f"at most {LONGEST_NAME} characters.")
    found = called(store, content, text, [parameter.of or ""], parameter.name, language)
    if found is None:
        raise UnknownName(parameter.name, text, nearest(text, parameter.of or "", language))
    return found


def called(store: Store, content: Content, text: str, classes: Iterable[str], parameter: str, language: str) -> Iri | None:
    """What of `classes` (IRIs) is called exactly `text`, in any case, or has that address; None where nothing is.

    Of several the one whose label is just that; AmbiguousName, which tells of `parameter`, where that is not one.
    """
    text = text.strip()
    iri = absolute_iri(text)
    names: list[Term] = [Literal(fold(text)), *([iri] if iri else [])]
    query = bind(content.lookup("by-name"), {"class": map(Iri, classes), "name": names})
    found = sorted({row["thing"].value for row in store.select(query).rows})
    if len(found) > 1:
        labels = labels_of(store, content, found, language)
        exact = [iri for iri in found if fold(labels.get(iri, "")) == fold(text)]
        if len(exact) != 1:
            raise AmbiguousName(parameter, text, [(iri, labels.get(iri, iri)) for iri in found])
        found = exact
    return Iri(found[0]) if found else None


def choices(store: Store, content: Content, parameter: Parameter, language: str) -> list[tuple[str, str]]:
    """(IRI, label) of every thing that the parameter may be."""
    table = store.select(bind(content.lookup("choices"), {"class": [Iri(parameter.of or "")]}))
    iris = [row["thing"].value for row in table.rows]
    labels = labels_of(store, content, iris, language)
    return sorted(((iri, labels[iri]) for iri in iris if iri in labels), key=lambda choice: sort_key(choice[1]))
