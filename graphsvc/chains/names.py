"""From what a user writes to any thing that chains know: an IRI, a known name, or a part of a title that only one has."""

from __future__ import annotations

from collections.abc import Collection

from graphsvc.chains.kinds import kinds_of
from graphsvc.errors import AmbiguousName, BadParameter, UnknownName
from graphsvc.graph import Graph
from graphsvc.labels import bind, labels_of
from graphsvc.search.index import Hit
from graphsvc.terms import Iri, Literal, absolute_iri, fold

_LONGEST_NAME = 300
_GOOD = 0.8  # below it names only look alike, and are suggestions
_APART = 0.02  # nearer than this one cannot tell which was meant
_MOST_SUGGESTIONS = 3


def resolve(graph: Graph, text: str, kinds: Collection[str] = (), parameter: str = "about", language: str = "sv") -> str:
    """The IRI of the thing that `text` names; `kinds` are IRIs of classes that it may be of (none: all that chains know).

    UnknownName (with the nearest), AmbiguousName (with the candidates), or BadParameter for no text or too long a one;
    they tell of `parameter`.
    """
    text = text.strip()
    if not text:
        raise BadParameter(parameter, "saknas. Skriv ett namn eller en adress.")
    if len(text) > _LONGEST_NAME:
        raise BadParameter(parameter, f"högst {_LONGEST_NAME} tecken.")
    classes = sorted(kinds or kinds_of(graph.content, graph.release.manifest.name).things)
    found = _called(graph, text, classes)
    if len(found) == 1:
        return found[0]
    if found:
        return _the_one(found, labels_of(graph.store, graph.content, found, language), text, parameter)
    return _like(graph.names.search(text, language=language, kinds=classes, most=6), text, parameter)


def _called(graph: Graph, text: str, classes: list[str]) -> list[str]:
    """What is called exactly `text`, in any case, or has that address."""
    iri = absolute_iri(text)
    names: list[Iri | Literal] = [Literal(fold(text)), *([iri] if iri else [])]
    query = bind(graph.content.lookup("by-name"), {"class": map(Iri, classes), "name": names})
    return sorted({row["thing"].value for row in graph.store.select(query).rows})


def _the_one(found: list[str], labels: dict[str, str], text: str, parameter: str) -> str:
    """The only one of `found` whose label is just that name; AmbiguousName where it is not one."""
    exact = [iri for iri in found if fold(labels.get(iri, "")) == fold(text)]
    if len(exact) != 1:
        raise AmbiguousName(parameter, text, [(iri, labels.get(iri, iri)) for iri in found])
    return exact[0]


def _like(hits: list[Hit], text: str, parameter: str) -> str:
    """The best of `hits`, where it is good and the next is not as good."""
    good = [hit for hit in hits if hit.score >= _GOOD]
    if not good:
        raise UnknownName(parameter, text, [(hit.iri, hit.label) for hit in hits[:_MOST_SUGGESTIONS]])
    near = [hit for hit in good if good[0].score - hit.score < _APART]
    if len(near) > 1:
        raise AmbiguousName(parameter, text, [(hit.iri, hit.label) for hit in near])
    return good[0].iri
