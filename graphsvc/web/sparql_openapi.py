"""How /sparql stands in the OpenAPI description: it is plain ASGI, so nothing else says so."""

from __future__ import annotations

from typing import Any

from graphsvc.formats import DATASETS, GRAPHS, RESULTS, offered
from graphsvc.web.errors import PROBLEM
from graphsvc.web.sparql_request import DIRECT, FORM

_STATUSES = {
    "304": "Unchanged since the version that the client has.",
    "400": "The query cannot be parsed (with line, column and token), or the request is not of the protocol.",
    "403": "The query reads what it may not, or its answer is too large.",
    "406": "None of the formats that were asked for is there; the problem lists those that are.",
    "413": "The request is too large.",
    "415": "The body is of another media type, or not in UTF-8.",
    "429": "Too many requests from one address.",
    "502": "The remote store failed.",
    "503": "The query took too long, or too many wait.",
}


def sparql_paths() -> dict[str, Any]:
    """The path item of /sparql (OpenAPI 3.1 §4.8.9)."""
    return {"/sparql": {"get": _operation("get"), "post": _operation("post")}}


def _operation(method: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "tags": ["sparql"],
        "operationId": f"sparql_by_{method}",
        "summary": f"The SPARQL 1.1 Protocol, query operation, by {method.upper()}",
        "responses": _responses(with_304=method == "get"),
    }
    if method == "get":
        told["parameters"] = [{"name": name, "in": "query", "schema": schema} for name, schema in _fields().items()]
        return told
    form = {"type": "object", "required": ["query"], "properties": _fields()}
    told["requestBody"] = {"required": True, "content": {FORM: {"schema": form}, DIRECT: {"schema": {"type": "string"}}}}
    return told


def _fields() -> dict[str, Any]:
    graphs = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {
        "query": {"type": "string", "description": "A SPARQL 1.1 query; without it the service description is given."},
        "default-graph-uri": graphs,
        "named-graph-uri": graphs,
        "format": {"type": "string", "description": f"{', '.join(RESULTS + GRAPHS + DATASETS)}, or a media type."},
    }


def _responses(*, with_304: bool) -> dict[str, Any]:
    media = sorted({*offered("select"), *offered("construct"), "text/html"})
    told: dict[str, Any] = {"200": {"description": "The answer.", "content": {name: {} for name in media}}}
    for status, description in _STATUSES.items():
        if status != "304":
            told[status] = {"description": description, "content": {PROBLEM: {}, "text/html": {}}}
        elif with_304:
            told[status] = {"description": description}
    return told
