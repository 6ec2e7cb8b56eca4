"""What goes wrong, over HTTP: one table from error to status, as application/problem+json (RFC 9457) or as a page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from graphsvc import errors, markup
from graphsvc.web.negotiation import best

PROBLEM = "application/problem+json"
_HTML = "text/html"
_RETRY_SECONDS = "5"
_log = logging.getLogger("styrgraf")
STATUS: list[tuple[type[errors.StyrgrafError], int, str]] = [
    (errors.UnknownQuestion, 404, "unknown-question"),
    (errors.UnknownView, 404, "unknown-view"),
    (errors.NothingToShow, 404, "nothing-to-show"),
    (errors.UnknownName, 404, "unknown-name"),
    (errors.AmbiguousName, 409, "ambiguous"),
    (errors.BadParameter, 400, "bad-parameter"),
    (errors.UnknownFormat, 406, "unknown-format"),
    (errors.BadQuery, 400, "bad-query"),
    (errors.AnswerTooLarge, 403, "answer-too-large"),
    (errors.QueryRefused, 403, "query-refused"),
    (errors.BadInput, 400, "bad-input"),
    (errors.NoRelease, 404, "no-release"),
    (errors.QueryTimeout, 503, "timed-out"),
    (errors.Overloaded, 503, "overloaded"),
    (errors.RemoteFailed, 502, "remote-failed"),
    (errors.StyrgrafError, 500, "internal"),
]


class Refused(Exception):
    """A request that HTTP or the SPARQL Protocol has its own status for."""

    def __init__(self, status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.kind, self.detail, self.headers = status, kind, detail, dict(headers or {})
        super().__init__(detail)


def handle_errors(app: FastAPI) -> None:
    """Let `app` answer every error by `answer_to`."""

    async def handler(request: Request, error: Exception) -> Response:
        response = answer_to(request, error)
        if response.status_code == 500 and isinstance(error, errors.StyrgrafError):  # other errors go on to the log
            _log.error("%s %r: %s", request.method, request.url.path, error)
        return response

    for kind in (errors.StyrgrafError, Refused, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handler)


def answer_to(request: Request, error: Exception, more: Mapping[str, Any] | None = None) -> Response:
    """The response that tells of `error`: a problem to programs, a page to people; `more` goes into both."""
    status, kind, detail = _read(error)
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*", **_headers(status, error)}
    told: dict[str, Any] = {"type": f"urn:styrgraf:{kind}", "title": kind, "status": status, "detail": detail}
    told |= _particulars(error) | dict(more or {})
    if best(request.headers.get("accept"), (PROBLEM, "application/json", _HTML)) != _HTML:
        return JSONResponse(told, status, headers, media_type=PROBLEM)
    language = "en" if parse_qs(request.url.query[:2000]).get("lang") == ["en"] else "sv"
    frame = markup.Frame(language, request.url.path, title=kind, release=_release(request))
    page = markup.render("problem", language, frame=frame, problem=told)
    return Response(page, status, headers | markup.POLICY, media_type=_HTML)


def _read(error: Exception) -> tuple[int, str, str]:
    if isinstance(error, Refused):
        return error.status, error.kind, error.detail
    if isinstance(error, RequestValidationError):
        return 422, "bad-parameter", "; ".join(f"{e['loc'][-1]}: {e['msg']}" for e in error.errors())
    if isinstance(error, HTTPException):
        return error.status_code, HTTPStatus(error.status_code).phrase.lower().replace(" ", "-"), str(error.detail)
    for known, status, kind in STATUS:
        if isinstance(error, known) and status != 500:
            return status, kind, str(error)
    return 500, "internal", "Något oförutsett gick fel i tjänsten. Felet är antecknat."  # what, may tell of the machine


def _headers(status: int, error: Exception) -> dict[str, str]:
    own = dict(getattr(error, "headers", None) or {})
    return ({"Retry-After": _RETRY_SECONDS} if status == 503 else {}) | own


def _particulars(error: Exception) -> dict[str, Any]:
    if isinstance(error, errors.UnknownName):
        return {"suggestions": [{"iri": iri, "label": label} for iri, label in error.suggestions]}
    if isinstance(error, errors.AmbiguousName):
        return {"candidates": [{"iri": iri, "label": label} for iri, label in error.candidates]}
    if isinstance(error, errors.UnknownQuestion | errors.UnknownView):
        return {"suggestions": error.suggestions}
    if isinstance(error, errors.BadQuery):
        return {"line": error.line, "column": error.column}
    if isinstance(error, errors.UnknownFormat):
        return {"formats": error.known}
    return {}


def _release(request: Request) -> str:
    graph = getattr(request.app.state, "graph", None)
    return graph.release.manifest.name if graph else "–"
