"""The application: its routes together, its workers' life, and one table from error to HTTP status."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from graphsvc import errors
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.store.workers import WorkerPool
from graphsvc.web import data, questions, sparql

_STATUS: list[tuple[type[errors.StyrgrafError], int, str]] = [
    (errors.UnknownQuestion, 404, "unknown-question"),
    (errors.UnknownName, 404, "unknown-name"),
    (errors.AmbiguousName, 409, "ambiguous"),
    (errors.BadParameter, 400, "bad-parameter"),
    (errors.UnknownFormat, 406, "unknown-format"),
    (errors.BadQuery, 400, "bad-query"),
    (errors.AnswerTooLarge, 403, "answer-too-large"),
    (errors.QueryRefused, 403, "query-refused"),
    (errors.BadInput, 400, "bad-input"),
    (errors.QueryTimeout, 503, "timed-out"),
    (errors.Overloaded, 503, "overloaded"),
    (errors.StyrgrafError, 500, "internal"),
]


def create_app(graph: Graph, settings: Settings) -> FastAPI:
    """The service over `graph`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with WorkerPool(graph.release.folder / "store", settings) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(
        title="Styrgraf",
        description="Vem som ansvarar för vad i styrande dokument, och var det står.",
        version=graph.release.manifest.name,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.graph, app.state.settings = graph, settings
    app.include_router(questions.router)
    app.include_router(sparql.router)
    app.include_router(data.router)
    app.add_exception_handler(errors.StyrgrafError, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


async def _problem(request: Request, error: Exception) -> JSONResponse:
    """An error as application/problem+json (RFC 9457)."""
    status, kind = next((status, kind) for known, status, kind in _STATUS if isinstance(error, known))
    told: dict[str, object] = {"type": f"urn:styrgraf:{kind}", "title": kind, "status": status, "detail": str(error)}
    if isinstance(error, errors.UnknownName):
        told["suggestions"] = [{"iri": iri, "label": label} for iri, label in error.suggestions]
    if isinstance(error, errors.AmbiguousName):
        told["candidates"] = [{"iri": iri, "label": label} for iri, label in error.candidates]
    if isinstance(error, errors.UnknownQuestion):
        told["suggestions"] = error.suggestions
    if isinstance(error, errors.BadQuery):
        told |= {"line": error.line, "column": error.column}
    headers = {"Retry-After": "5"} if status == 503 else None
    return JSONResponse(told, status, headers, media_type="application/problem+json")


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    detail = (
        "; ".join(f"{e['loc'][-1]}: {e['msg']}" for e in error.errors()) if isinstance(error, RequestValidationError) else ""
    )
    told = {"type": "urn:styrgraf:bad-parameter", "title": "bad-parameter", "status": 422, "detail": detail}
    return JSONResponse(told, 422, media_type="application/problem+json")
