"""Operation: the access log, the metrics, the limit of rate, and whether the service lives and is ready."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import IO

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.web.cache import OF_EVERY_ANSWER
from graphsvc.web.errors import Refused, answer_to
from graphsvc.web.limits import RateLimiter, client_of
from graphsvc.web.metrics import MEDIA_TYPE, Metrics
from graphsvc.web.observed import Observed
from graphsvc.web.sparql import PATH, SparqlEndpoint

router = APIRouter(tags=["operation"])
_ALWAYS_OPEN = ("/healthz", "/readyz", "/metrics")
_FLUSH_SECONDS = 0.5
_log = logging.getLogger("styrgraf")


class AccessLog:
    """One line of JSON for each request: never the query itself, who asked, or a secret."""

    def __init__(self, place: str) -> None:
        self._out: IO[str] | None = None
        if place:
            self._out = sys.stdout if place == "-" else Path(place).open("a", encoding="utf-8")  # noqa: SIM115 (open as long as the service)
        self._waiting = False

    def write(self, method: str, path: str, observed: Observed, seconds: float) -> None:
        """Write the line for a request that has been answered."""
        if self._out is None:
            return
        query, rows = observed.query, observed.rows
        more = (
            f', "query": "{query}", "format": "{observed.format}", "rows": {"null" if rows is None else rows}'
            if query
            else ""
        )
        self._out.write(
            f'{{"time": "{_now()}", "method": {_quoted(method)}, "path": {_quoted(path[:200])}, '
            f'"status": {observed.status}, "outcome": "{observed.outcome}", "seconds": {seconds:.5f}, '
            f'"bytes": {observed.bytes}{more}}}\n'
        )
        if not self._waiting:
            self._waiting = True
            asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self.flush)

    def close(self) -> None:
        """Write out what is left; nothing is written after it."""
        self.flush()
        if self._out is not None and self._out is not sys.stdout:
            self._out.close()
        self._out = None

    def flush(self) -> None:
        """Let what is written be seen."""
        self._waiting = False
        if self._out is not None:
            self._out.flush()


class Operation:
    """Around the whole application: lets requests in, notes how they went, and answers for those that it lets not in."""

    def __init__(self, app: SparqlEndpoint, settings: Settings, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics
        self._limiter = RateLimiter(settings.rate_limit / max(settings.web_workers, 1))
        self._log = AccessLog(settings.access_log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            try:
                await self._app(scope, receive, send)
            finally:
                self._log.close()
            return
        observed, began = Observed(), time.perf_counter()
        scope["observed"] = observed

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                observed.started, observed.status = True, message["status"]
                _complete(message)
            else:
                observed.bytes += len(message.get("body", b""))
            await send(message)

        try:
            await self._let_in(scope, receive, noting)
        except Exception as error:
            observed.status, observed.outcome = observed.status or 500, "error"
            _log.exception("%s %r", scope["method"], scope["path"])
            if not observed.started:
                await answer_to(Request(scope), error)(scope, receive, noting)
        finally:
            seconds = time.perf_counter() - began
            if observed.outcome == "ok" and observed.status >= 400:
                observed.outcome = "refused"
            self._note(scope["method"], scope["path"], observed, seconds)

    def again(self, request: bytes, host: str, graph: Graph | None) -> tuple[bytes, bytes] | None:
        """Head and body of the answer to a request that came before, letter for letter; None where it must be read anew."""
        began = time.perf_counter()
        known = self._app.repeats.get(request, graph)
        if known is None or self._limiter.wait(client_of(host)):
            return None
        repeat, kept = known
        observed = Observed(200, len(kept.body), kept.rows, repeat.query, repeat.format, "cached")
        self._note("GET", PATH, observed, time.perf_counter() - began)
        return repeat.head, kept.body

    def _note(self, method: str, path: str, observed: Observed, seconds: float) -> None:
        self._metrics.count(path, observed.status, observed.outcome, seconds, observed.bytes)
        self._log.write(method, path, observed, seconds)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] not in _ALWAYS_OPEN:
            refused = self._refused(scope)
            if refused:
                scope["observed"].outcome = refused.kind
                await answer_to(Request(scope), refused)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refused(self, scope: Scope) -> Refused | None:
        host = scope["client"][0] if scope["client"] else ""
        wait = self._limiter.wait(client_of(host))
        if wait:
            detail = (
                "Du har ställt för många frågor på kort tid. Vänta en stund och försök igen.",
                "You have asked too much in a short time. Wait a while and try again.",
            )
            return Refused(429, "too-many-requests", *detail, {"Retry-After": str(ceil(wait))})
        if scope["app"].state.graph is None:
            detail = (
                "Tjänsten har ingen utgåva att svara ur än. Försök igen om en stund.",
                "The service has no release to answer from yet. Try again in a while.",
            )
            return Refused(503, "no-release", *detail, {"Retry-After": "5"})
        given = [name for name, _ in scope["headers"] if name in (b"content-length", b"transfer-encoding")]
        if len(given) > 1:
            detail = ("Anropet anger sin längd på två sätt.", "The request gives its length in two ways.")
            return Refused(400, "ambiguous-length", *detail, {"Connection": "close"})
        return None


_quoted = lru_cache(maxsize=256)(json.dumps)


def _now() -> str:
    second, rest = divmod(time.time_ns(), 1_000_000_000)
    return f"{_second(second)}.{rest // 1_000_000:03d}Z"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _complete(message: Message) -> None:
    """Give an answer what every one has, whoever wrote it."""
    given = {name for name, _ in message["headers"]}
    message["headers"] = [*message["headers"], *(header for header in OF_EVERY_ANSWER if header[0] not in given)]


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def health() -> dict[str, str]:
    """That the process lives."""
    return {"status": "ok"}


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", responses={503: {}})
async def ready(request: Request) -> Response:
    """That a release is loaded and can be asked, and which; 503 while there is none, or while the service stops."""
    app: FastAPI = request.app
    graph, pool = app.state.graph, getattr(app.state, "pool", None)
    if graph is None or pool is None or not getattr(app.state, "open", False):
        return JSONResponse({"status": "not ready", "release": None}, 503, {"Retry-After": "5"})
    manifest = graph.release.manifest
    told = {"status": "ready", "release": manifest.name, "created": manifest.created, "counts": dict(manifest.counts)}
    return JSONResponse(told | {"queries": pool.state()})


@router.head("/metrics", include_in_schema=False)
@router.get("/metrics", responses={403: {}}, response_class=Response)
def metrics(request: Request) -> Response:
    """What the service counts (Prometheus); for this machine, or with the token of the settings as a bearer token."""
    settings: Settings = request.app.state.settings
    given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    known = bool(settings.metrics_token) and secrets.compare_digest(given, settings.metrics_token.encode())
    if not known and client_of(request.client.host if request.client else ""):
        raise Refused(
            403,
            "forbidden",
            "Mätvärdena visas bara för den egna maskinen, eller den som har nyckeln.",
            "The metrics are only for this machine, or who has the key.",
        )
    return Response(request.app.state.metrics.text(_gauges(request.app)), media_type=MEDIA_TYPE)


def _gauges(app: FastAPI) -> dict[str, float]:
    graph, pool = app.state.graph, getattr(app.state, "pool", None)
    gauges: dict[str, float] = {"ready": float(graph is not None and getattr(app.state, "open", False))}
    state = pool.state() if pool else {}
    for name, value in state.items():
        if isinstance(value, int):
            total = "_total" if name in ("started", "ended", "crashed") else ""
            gauges[f"workers_{name}{total}" if name != "workers" else "workers"] = value
    for name in ("answers", "kept"):
        cache = getattr(app.state, name, None)
        if cache is not None:
            asked = cache.hits + cache.misses
            gauges |= {f"{name}_cache_hits_total": cache.hits, f"{name}_cache_misses_total": cache.misses,
                       f"{name}_cache_bytes": cache.bytes, f"{name}_cache_entries": len(cache),
                       f"{name}_cache_hit_ratio": cache.hits / asked if asked else 0.0}  # fmt: skip
    return gauges
