"""From what a user writes to any thing that chains know: an IRI, a known name, or a part of a title that only one has."""

from __future__ import annotations

from collections.abc import Collection

from graphsvc.chains.kinds import kinds_of
from graphsvc.errors import AmbiguousName, BadParameter, UnknownName
from graphsvc.graph import Graph
from graphsvc.questions.names import LONGEST_NAME, called
from graphsvc.search.index import Hit

_GOOD = 0.8  # below it names only look alike, and are suggestions
_SHORTEST = 2  # letters: one tells nothing, though it is a word of many names
_APART = 0.02  # nearer than this one cannot tell which was meant
_MOST_SUGGESTIONS = 3


def resolve(graph: Graph, text: str, kinds: Collection[str] = (), parameter: str = "about", language: str = "sv") -> str:
    """The IRI of the thing that `text` names; `kinds` are IRIs of classes that it may be of (none: all that chains know).

    UnknownName (with the nearest), AmbiguousName (with the candidates), or BadParameter for no text or too long a one;
    they tell of `parameter`.
    """
    text = text.strip()
    if not text:
        raise BadParameter(parameter, "saknas. Skriv ett namn eller en adress.", "is missing. Write a name or an address.")
    if len(text) > LONGEST_NAME:
        raise BadParameter(parameter, f"högst {LONGEST_NAME} tecken.", f"at most {LONGEST_NAME} characters.")
    classes = sorted(kinds or kinds_of(graph.content, graph.release.manifest.name).things)
    found = called(graph.store, graph.content, text, classes, parameter, language)
    if found is not None:
        return found.value
    return _like(graph.names.search(text, language=language, kinds=classes, most=6), text, parameter)


def _like(hits: list[Hit], text: str, parameter: str) -> str:
    """The best of `hits`, where it is good and the next is not as good."""
    telling = sum(map(str.isalnum, text)) >= _SHORTEST
    good = [hit for hit in hits if hit.score >= _GOOD and telling]
    if not good:
        raise UnknownName(parameter, text, [(hit.iri, hit.label) for hit in hits[:_MOST_SUGGESTIONS]])
    near = [hit for hit in good if good[0].score - hit.score < _APART]
    if len(near) > 1:
        raise AmbiguousName(parameter, text, [(hit.iri, hit.label) for hit in near])
    return good[0].iri
