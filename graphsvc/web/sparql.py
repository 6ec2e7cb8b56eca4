"""/sparql: the query part of the SPARQL 1.1 Protocol (§2.1), read-only."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response

from graphsvc.errors import BadInput, UnknownFormat
from graphsvc.formats import GRAPHS, RESULTS, Format, for_answer, named
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.workers import WorkerPool

router = APIRouter(tags=["sparql"])
_RESPONSES: dict[int | str, dict[str, Any]] = {400: {}, 403: {}, 406: {}, 413: {}, 415: {}, 503: {}}
_FORM, _DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


@router.get("/sparql", responses=_RESPONSES)
async def query_by_get(request: Request, query: str = "", format: str | None = None) -> Response:
    """Answer the SPARQL query `query`."""
    return await _answer(request, query, format)


@router.post("/sparql", responses=_RESPONSES)
async def query_by_post(request: Request) -> Response:
    """Answer a SPARQL query sent as a form or as application/sparql-query."""
    settings: Settings = request.app.state.settings
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > settings.request_bytes:
            return Response(f"Högst {settings.request_bytes} byte.", 413)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput("Frågan är inte UTF-8.") from None
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == _DIRECT:
        return await _answer(request, text, request.query_params.get("format"))
    if media != _FORM:
        return Response(f"Skicka frågan som {_DIRECT} eller {_FORM}.", 415)
    form = parse_qs(text, keep_blank_values=True)
    if "update" in form:
        raise BadInput("Tjänsten kan bara läsas; uppdateringar tas inte emot.")
    return await _answer(request, form.get("query", [""])[0], form.get("format", [None])[0])


async def _answer(request: Request, query: str, form: str | None) -> Response:
    if not query.strip():
        raise BadInput("Parametern query saknas: skicka en SPARQL-fråga.")
    kind = EmbeddedStore.kind(query)
    format = for_answer(kind, form) if form else _negotiated(kind, request.headers.get("accept", ""))
    pool: WorkerPool = request.app.state.pool
    body = await pool.answer(query, format)
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    return Response(body, media_type=format.media_type, headers=headers)


def _negotiated(kind: str, accept: str) -> Format:
    """The best format for `accept`, by its quality values (RFC 9110 §12.5.1)."""
    among = GRAPHS if kind == "construct" else RESULTS
    ranked = sorted((-quality, order, media) for order, (media, quality) in enumerate(_accepted(accept)) if quality > 0)
    for _, _, media in ranked:
        if media in ("*/*", "application/*" if kind != "construct" else "text/*"):
            return for_answer(kind, None)
        try:
            return named(media, among)
        except UnknownFormat:
            continue
    if not accept.strip():
        return for_answer(kind, None)
    raise UnknownFormat(accept, [Format(name).media_type for name in among])


def _accepted(accept: str) -> list[tuple[str, float]]:
    ranges = []
    for part in accept.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            ranges.append((media, float(quality)))
        except ValueError:
            ranges.append((media, 0.0))
    return ranges
