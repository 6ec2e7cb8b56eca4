"""What the OpenAPI description says of every route alike: how a request may fail, and what then comes instead."""

from __future__ import annotations

from typing import Any

from graphsvc.web.errors import PROBLEM

_HTML, _JSON = "text/html", "application/json"
_EVERYWHERE = {
    "400": "The request cannot be used as it stands; the problem says why.",
    "429": "Too many requests from one address; Retry-After says when to ask again.",
    "502": "The remote store that holds the release failed.",
    "503": "There is no release to answer from yet, or the answer took too long; Retry-After says when to ask again.",
}
_ALWAYS_OPEN = ("/healthz", "/readyz", "/metrics")
_OWN_CONTENT = {("/readyz", "503"): {_JSON: {}}, ("/metrics", "200"): {"text/plain": {"schema": {"type": "string"}}}}
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457), sometimes with more: suggestions, candidates, formats, line and column.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_INVALID = ("HTTPValidationError", "ValidationError")  # what FastAPI would say of parameters; here that is a problem too


def complete(told: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI description `told`, with what every error is told as; what a route says of an error itself stays."""
    for path, item in told["paths"].items():
        for operation in item.values():
            _complete(path, operation["responses"])
    schemas = told.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for name in _INVALID:
        schemas.pop(name, None)
    return told


def _complete(path: str, responses: dict[str, Any]) -> None:
    if path not in _ALWAYS_OPEN:
        for status, description in _EVERYWHERE.items():
            responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        own = _OWN_CONTENT.get((path, status))
        if own:
            response["content"] = own
        elif status >= "400" and (status == "422" or not response.get("content")):
            response["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}, _HTML: {}}
