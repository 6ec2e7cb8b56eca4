"""The document that a question must be about when the sentence names none: the only one that it has an answer for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph
from graphsvc.questions.catalogue import Parameter, Question

_MOST_TRIED = 16


def only_answered(
    graph: Graph, question: Question, given: Mapping[str, str], parameter: Parameter, documents: Iterable[str]
) -> str | None:
    """Which of `documents` (IRIs) the question has an answer for when it is the parameter.

    None if there are several, unless the answer for one holds those of the others.
    """
    among = list(documents)[: _MOST_TRIED + 1]
    if len(among) > _MOST_TRIED:
        return None
    answers = {document: _rows(graph, question, {**given, parameter.name: document}) for document in among}
    answered = [document for document in among if answers[document]]
    most = max(answered, key=lambda document: len(answers[document]), default=None)
    return most if most and all(answers[document] <= answers[most] for document in answered) else None


def _rows(graph: Graph, question: Question, given: Mapping[str, str]) -> frozenset[tuple[str, ...]]:
    try:
        answer = graph.answer(question.id, given)
    except StyrgrafError:
        return frozenset()
    return frozenset(tuple(cell.text for cell in row.cells.values()) for row in answer.rows)
