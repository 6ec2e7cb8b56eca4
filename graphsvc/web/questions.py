"""/api/questions: the named questions, and their answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from graphsvc.graph import Graph
from graphsvc.questions import present
from graphsvc.questions.names import choices

router = APIRouter(prefix="/api", tags=["questions"])
_OWN = {"lang", "format"}
_CSV, _TEXT = "text/csv", "text/plain"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer, or the question's declaration.", "content": {_CSV: {}, _TEXT: {}}},
    404: {"description": "There is no such question, or nothing has that name; the problem suggests the nearest."},
    409: {"description": "Several things have that name; the problem lists them."},
}


class Language(StrEnum):
    """The language of labels and texts."""

    sv = "sv"
    en = "en"


class AnswerFormat(StrEnum):
    """The formats of an answer."""

    json = "json"
    csv = "csv"
    table = "table"


async def _served(request: Request) -> Graph:
    graph: Graph = request.app.state.graph
    return graph


ServedGraph = Annotated[Graph, Depends(_served)]
"""The graph that is served when the request comes."""


@router.get("/questions")
def list_questions(graph: ServedGraph) -> list[dict[str, Any]]:
    """Every named question, with its parameters, columns and example phrasings."""
    return [present.question_json(question) for question in graph.questions]


@router.get("/questions/{name}", responses=_ANSWERS)
def ask_question(
    request: Request,
    graph: ServedGraph,
    name: str,
    lang: Language = Language.sv,
    format: Annotated[AnswerFormat, Query(description="json, csv or table")] = AnswerFormat.json,
) -> Response:
    """Answer a named question; its parameters are given as `?name=value`, by any known name or by IRI.

    A question that needs parameters and is given none answers with its declaration.
    """
    question = graph.questions[name]
    given = {key: value for key, value in request.query_params.items() if key not in _OWN}
    if not given and any(parameter.required for parameter in question.parameters):
        return JSONResponse(present.question_json(question))
    answer, release = graph.answer(name, given, lang), graph.release.manifest.name
    if format == AnswerFormat.csv:
        disposition = {"Content-Disposition": f'attachment; filename="{question.id}.csv"'}
        return Response(present.answer_csv(answer), media_type=f"{_CSV}; charset=utf-8", headers=disposition)
    if format == AnswerFormat.table:
        return Response(present.answer_text(answer, release), media_type=f"{_TEXT}; charset=utf-8")
    return JSONResponse(present.answer_json(answer, release))


@router.get("/questions/{name}/choices/{parameter}", responses={404: {"description": "There is no such question."}})
def list_choices(graph: ServedGraph, name: str, parameter: str, lang: Language = Language.sv) -> list[dict[str, str]]:
    """What a parameter may be: every thing of its class, in Swedish order; nothing for dates, years and texts."""
    chosen = graph.questions[name].parameter(parameter)
    found = choices(graph.store, graph.content, chosen, lang) if chosen.kind == "thing" else []
    return [{"iri": iri, "label": label} for iri, label in found]
