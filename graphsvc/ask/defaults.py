"""The document that a question must be about when the sentence names none: the only one that it has an answer for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph
from graphsvc.questions.catalogue import Parameter, Question
from graphsvc.questions.run import run

_MOST_TRIED = 16


def only_answered(
    graph: Graph, question: Question, given: Mapping[str, str], parameter: Parameter, documents: Iterable[str]
) -> str | None:
    """Which of `documents` (IRIs) the question has an answer for when it is the parameter, if it is one only."""
    among = list(documents)[: _MOST_TRIED + 1]
    if len(among) > _MOST_TRIED:
        return None
    answered = [document for document in among if _answers(graph, question, {**given, parameter.name: document})]
    return answered[0] if len(answered) == 1 else None


def _answers(graph: Graph, question: Question, given: Mapping[str, str]) -> bool:
    try:
        return bool(run(graph.store, graph.content, question, given).rows)
    except StyrgrafError:
        return False
