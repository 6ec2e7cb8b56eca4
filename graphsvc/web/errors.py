"""What goes wrong, over HTTP: one table from error to status, as application/problem+json (RFC 9457) or as a page."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

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
_ENGLISH = re.compile(r"(?:^|&)lang=en(?:&|$)")
_UNFORESEEN = (
    "Något oförutsett gick fel i tjänsten. Felet är antecknat.",
    "Something unforeseen went wrong in the service. It has been noted.",
)
_OTHER = ("Det går inte att göra här.", "That cannot be done here.")
_BY_STATUS = {
    404: ("Det finns inget på den adressen.", "There is nothing at that address."),
    405: ("Adressen kan inte användas med den metoden.", "The address does not take that method."),
}
_BY_FAULT = {
    "missing": ("saknas.", "is missing."),
    "enum": ("ska vara {expected}.", "must be {expected}."),
    "int_parsing": ("ska vara ett heltal.", "must be a whole number."),
    "greater_than_equal": ("ska vara minst {ge}.", "must be at least {ge}."),
    "less_than_equal": ("ska vara högst {le}.", "must be at most {le}."),
    "string_too_long": ("högst {max_length} tecken.", "at most {max_length} characters."),
    "too_long": ("högst {max_length} värden.", "at most {max_length} values."),
}
"""What can be wrong with a parameter, by what pydantic calls it, in Swedish and English."""


class Refused(errors.StyrgrafError):
    """A request that HTTP or the SPARQL Protocol has its own status for."""

    def __init__(self, status: int, kind: str, swedish: str, english: str, headers: Mapping[str, str] | None = None) -> None:
        self.status, self.kind, self.headers = status, kind, dict(headers or {})
        super().__init__(swedish, english)


def handle_errors(app: FastAPI) -> None:
    """Let `app` answer every error by `answer_to`."""

    async def handler(request: Request, error: Exception) -> Response:
        response = answer_to(request, error)
        if response.status_code == 500 and isinstance(error, errors.StyrgrafError):  # other errors go on to the log
            _log.error("%s %r: %s", request.method, request.url.path, error)
        return response

    for kind in (errors.StyrgrafError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, handler)


def answer_to(request: Request, error: Exception, more: Mapping[str, Any] | None = None) -> Response:
    """The response that tells of `error`: a problem to programs, a page to people; `more` goes into both."""
    language = language_of(request.url.query)
    status, kind, detail = _read(error, language)
    headers = {"Vary": "Accept", "Content-Language": language, "Access-Control-Allow-Origin": "*", **_headers(status, error)}
    told: dict[str, Any] = {"type": f"urn:styrgraf:{kind}", "title": kind, "status": status, "detail": detail}
    told |= _particulars(error) | dict(more or {})
    if best(request.headers.get("accept"), (PROBLEM, "application/json", _HTML)) != _HTML:
        return JSONResponse(told, status, headers, media_type=PROBLEM)
    frame = markup.Frame(language, request.url.path, title=kind, release=_release(request))
    page = markup.render("problem", language, frame=frame, problem=told)
    return Response(page, status, headers | markup.POLICY, media_type=_HTML)


def language_of(query: str) -> str:
    """The language (sv or en) that is asked for by the part of an address after its question mark."""
    return "en" if _ENGLISH.search(query) else "sv"


def _read(error: Exception, language: str) -> tuple[int, str, str]:
    """Status, kind and words of an error; of one that is not ours nothing that may tell of the machine."""
    tongue = 1 if language == "en" else 0
    if isinstance(error, RequestValidationError):
        return 422, "bad-parameter", "; ".join(f"{one['loc'][-1]}: {_wrong(one, tongue)}" for one in error.errors())
    if isinstance(error, HTTPException):
        status = error.status_code
        return status, HTTPStatus(status).phrase.lower().replace(" ", "-"), _BY_STATUS.get(status, _OTHER)[tongue]
    if isinstance(error, Refused):
        return error.status, error.kind, error.told(language)
    for known, status, kind in STATUS:
        if isinstance(error, known) and status != 500:
            return status, kind, error.told(language)
    return 500, "internal", _UNFORESEEN[tongue]


def _wrong(found: Mapping[str, Any], tongue: int) -> str:
    """What is wrong with a parameter, of what pydantic tells of it; in its own words where we have none."""
    told = _BY_FAULT.get(found["type"])
    if told is None:
        return str(found["msg"])
    said = told[tongue].format(**found.get("ctx", {}))
    return said if tongue else said.replace(" or ", " eller ")


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
