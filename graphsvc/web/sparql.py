"""/sparql: the query operation of the SPARQL 1.1 Protocol (§2.1), read-only. Plain ASGI, since this is the hot path."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc.errors import BadQuery, StyrgrafError, UnknownFormat
from graphsvc.formats import DATASETS, GRAPHS, RESULTS, Format, named, offered
from graphsvc.settings import Settings
from graphsvc.store import guard
from graphsvc.store.diagnosis import diagnose
from graphsvc.store.public_query import Answering, PublicAnswer, PublicQuery
from graphsvc.web import sparql_page
from graphsvc.web.cache import AnswerCache, Headers, Kept, Repeat, Repeats, etag_of, is_known, lines_of, respond
from graphsvc.web.catalogue import service_description
from graphsvc.web.errors import answer_to, language_of
from graphsvc.web.limits import client_of
from graphsvc.web.negotiation import best
from graphsvc.web.observed import Observed
from graphsvc.web.sparql_request import DIRECT, FORM, METHODS, SparqlRequest, read_request

PATH = sparql_page.PATH
_WATCH_AFTER_SECONDS = 0.05
_REPEATS_BYTES = 4 << 20
_DESCRIBED = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples", "text/html")
_ALWAYS: Headers = [
    (b"vary", b"Accept"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Styrgraf-Cut, Styrgraf-Row-Limit, Styrgraf-Byte-Limit"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
]
_PREFLIGHT = {
    "Allow": METHODS,
    "Accept-Post": f"{DIRECT}, {FORM}",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class SparqlEndpoint:
    """Answers what comes to /sparql, and passes everything else on to `app`."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self.cache = AnswerCache(settings.cache_bytes)
        self.repeats = Repeats(self.cache, _REPEATS_BYTES)
        limits = {"styrgraf-row-limit": settings.answer_rows, "styrgraf-byte-limit": settings.answer_bytes}
        self._always = [*_ALWAYS, *((name.encode(), str(most).encode()) for name, most in limits.items())]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        scope["app"].state.answers = self.cache
        request: SparqlRequest | None = None
        try:
            if scope["method"] == "OPTIONS":
                await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
                return
            request = await read_request(scope, receive, self._settings.request_bytes)
            if request.query is not None and request.format == sparql_page.FORM:
                await self._show(scope, receive, send, request)
            elif request.query is None:
                await _describe(scope, receive, send, request.format, self._settings)
            else:
                await self._answer(scope, receive, send, request)
        except StyrgrafError as error:
            observed: Observed = scope["observed"]
            observed.outcome = type(error).__name__
            if observed.started:
                return  # the answer has begun: leaving it unended is what shows that it is broken
            request_of = Request(scope)
            language = language_of(request_of.url.query)
            response = answer_to(request_of, error, _particulars(error, request.query if request else None, language))
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request: SparqlRequest) -> None:
        query, observed, state = request.query or "", scope["observed"], scope["app"].state
        observed.query = hashlib.blake2b(query.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        reading = guard.read(query, self._settings.answer_rows)
        media, format = _format(reading.kind, request.format, scope)
        observed.format = format.name
        etag = None
        if not reading.varying:
            dataset = f"{request.dataset.default} {request.dataset.named}" if request.dataset else ""
            etag = etag_of(state.graph.release.manifest.name, media, dataset, observed.query)
            if await self._known(scope, send, etag):
                return
        asked = PublicQuery(query, format, request.dataset, reading.limited)
        headers = [(b"content-type", _content_type(media)), *self._always, *_validators(etag)]
        await self._evaluate(scope, receive, send, asked, headers, etag)

    async def _show(self, scope: Scope, receive: Receive, send: Send, asked: SparqlRequest) -> None:
        """Answer on the page with the editor; a client that leaves in the meantime ends its work."""
        query, observed = asked.query or "", scope["observed"]
        observed.query = hashlib.blake2b(query.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        observed.format = sparql_page.FORM
        with Departure(receive) as departure:
            try:
                response = await sparql_page.answered(Request(scope, receive), query, asked.dataset, self._settings)
            except asyncio.CancelledError:
                if not departure.left:
                    raise
                observed.outcome = "client-left"
                return
        await response(scope, receive, send)

    async def _known(self, scope: Scope, send: Send, etag: str) -> bool:
        """Answer from what the client has, or from the cache, if either has the answer with the validator `etag`."""
        observed, method = scope["observed"], scope["method"]
        if method != "POST" and is_known(etag, _header(scope, b"if-none-match")):
            observed.outcome = "unchanged"
            await respond(scope, send, 304, [*self._always, *_validators(etag)], b"")
            return True
        kept = self.cache.get(etag)
        if kept is None:
            return False
        observed.outcome, observed.rows = "cached", kept.rows
        await respond(scope, send, 200, kept.headers, b"" if method == "HEAD" else kept.body)
        letters = scope.get("letters")
        if letters is not None:
            graph, head = scope["app"].state.graph, lines_of(kept.headers)
            self.repeats.put(letters, Repeat(graph, etag, head, observed.query, observed.format))
        return True

    async def _evaluate(
        self, scope: Scope, receive: Receive, send: Send, asked: PublicQuery, headers: Headers, etag: str | None
    ) -> None:
        """Ask a worker, and answer with what it says; a client that leaves in the meantime ends its work."""
        pool: Answering = scope["app"].state.pool
        client = client_of(scope["client"][0] if scope["client"] else "")
        with Departure(receive) as departure:
            answer = None
            try:
                answer = await pool.ask(asked, client)
                if answer.complete:
                    await self._send_whole(scope, send, answer, headers, etag)
                else:
                    async with asyncio.timeout(self._settings.transfer_seconds):
                        await _send_parts(scope, send, answer, headers)
            except TimeoutError:
                scope["observed"].outcome = "slow-client"
            except asyncio.CancelledError:
                if not departure.left:
                    raise
                scope["observed"].outcome = "client-left"
            finally:
                if answer is not None:
                    answer.close()

    async def _send_whole(self, scope: Scope, send: Send, answer: PublicAnswer, headers: Headers, etag: str | None) -> None:
        scope["observed"].rows = answer.rows
        if answer.cut:
            headers.append((b"styrgraf-cut", f"rows={answer.rows}".encode()))
        headers.append((b"content-length", str(len(answer.first)).encode()))
        if etag:
            self.cache.put(etag, Kept(headers, answer.first, answer.rows))
        await respond(scope, send, 200, headers, b"" if scope["method"] == "HEAD" else answer.first)


class Departure:
    """Ends the task that it is used in when its client leaves. Looking costs, so it begins only where work takes time."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self.left = receive, False
        self._watch: asyncio.Task[None] | None = None

    def __enter__(self) -> Departure:
        loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self._timer = loop.call_later(_WATCH_AFTER_SECONDS, self._begin)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._watch:
            self._watch.cancel()

    def _begin(self) -> None:
        self._watch = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.left = True
        assert self._task is not None
        self._task.cancel()


async def _describe(scope: Scope, receive: Receive, send: Send, form: str | None, settings: Settings) -> None:
    """/sparql without a query: the service description (SPARQL 1.1 Service Description §2), or to people a form."""
    request = Request(scope, receive)
    form = None if form == sparql_page.FORM else form
    media = None if form else best(request.headers.get("accept"), _DESCRIBED)
    if form is None and media is None:
        raise UnknownFormat(request.headers.get("accept", ""), _DESCRIBED)
    if media != "text/html":
        response = await run_in_threadpool(service_description, request, form or media)
        await response(scope, receive, send)
        return
    await sparql_page.form(request, settings)(scope, receive, send)


def _format(kind: str, form: str | None, scope: Scope) -> tuple[str, Format]:
    """The media type and format of the answer: what `form` names, otherwise by Accept; UnknownFormat with the list."""
    known = offered(kind)
    if form:
        format = known.get(form.lower()) or named(form, GRAPHS + DATASETS if kind == "construct" else RESULTS)
        return format.media_type, format
    accept = _header(scope, b"accept")
    media = best(accept, tuple(known))
    if media is None:
        raise UnknownFormat(accept, tuple(known))
    return media, known[media]


def _particulars(error: Exception, query: str | None, language: str) -> Mapping[str, Any]:
    """What is wrong with a query that could not be parsed: line, column and token."""
    if not isinstance(error, BadQuery) or query is None:
        return {}
    fault = diagnose(query, error)
    where = ("line", "column") if language == "en" else ("rad", "kolumn")
    said = BadQuery(fault.detail, english=fault.english).told(language)
    detail = f"{said} ({where[0]} {fault.line}, {where[1]} {fault.column})."
    return {"detail": detail, "line": fault.line, "column": fault.column, "token": fault.token, "parser": error.detail}


def _header(scope: Scope, name: bytes) -> str:
    found = b""
    for known, value in scope["headers"]:
        if known == name:
            found = found + b", " + value if found else value
    return found.decode("latin-1")


def _content_type(media: str) -> bytes:
    return (media + "; charset=utf-8" if media.startswith("text/") else media).encode()


def _validators(etag: str | None) -> Headers:
    if etag is None:
        return [(b"cache-control", b"no-store")]
    return [(b"etag", etag.encode()), (b"cache-control", b"public, no-cache")]


async def _send_parts(scope: Scope, send: Send, answer: PublicAnswer, headers: Headers) -> None:
    """Send an answer as it comes. Once it has begun, only a broken end can say that it could not be finished."""
    start: Message = {"type": "http.response.start", "status": 200, "headers": headers}
    await send(start)
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.body", "body": answer.first, "more_body": True})
    async for part in answer.parts():
        await send({"type": "http.response.body", "body": part, "more_body": True})
    scope["observed"].rows = answer.rows
    if answer.cut and scope["observed"].format in ("csv", "tsv", "jsonld"):
        scope["observed"].outcome = "cut"
        return  # these formats have no place for a note
    await send({"type": "http.response.body", "body": b""})
