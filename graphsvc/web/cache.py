"""Answers kept as long as the release that they are of: an exact cache, bounded in bytes, and its validators."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc import markup
from graphsvc.web.observed import Observed

_LARGEST_SHARE = 8
_OVERHEAD = 400
_MADE_BY = version("styrgraf") + markup.version()
_KEPT_PATHS = ("/api/", "/diagrams/")
_OF_REQUEST = (b"accept", b"accept-language")
OF_EVERY_ANSWER: Final = ((b"access-control-allow-origin", b"*"), (b"x-content-type-options", b"nosniff"))
"""What every answer is sent with: pages of any origin may read it (Fetch Standard §3.2), and it is what it says it is."""

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer: its status (always 200), headers and body, and how many rows it holds."""

    headers: Headers
    body: bytes
    rows: int


class AnswerCache:
    """The answers used last, as many as fit in `most_bytes`; one that would take an eighth of them or more is not kept."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self.bytes, self.hits, self.misses = 0, 0, 0

    def get(self, etag: str) -> Kept | None:
        """The answer with this validator, if it is kept."""
        found = self._kept.get(etag)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(etag)
        return found

    def put(self, etag: str, answer: Kept) -> None:
        """Keep `answer`, and let go of those not used for longest."""
        size = len(answer.body) + _OVERHEAD
        if size * _LARGEST_SHARE > self._most or etag in self._kept:
            return
        self._kept[etag] = answer
        self.bytes += size
        while self.bytes > self._most:
            _, gone = self._kept.popitem(last=False)
            self.bytes -= len(gone.body) + _OVERHEAD

    def __len__(self) -> int:
        return len(self._kept)


@dataclass(frozen=True, slots=True)
class Repeat:
    """What a request asks of a release (`graph`): the validator of its answer, its head, and what is logged of it."""

    graph: object
    etag: str
    head: bytes
    query: str | None
    format: str | None


class Repeats:
    """Requests that were answered from the cache, letter for letter: when one comes again, nothing of it is read anew."""

    def __init__(self, cache: AnswerCache, most_bytes: int) -> None:
        self._cache, self._most, self._bytes = cache, most_bytes, 0
        self._known: OrderedDict[bytes, Repeat] = OrderedDict()

    def get(self, request: bytes, graph: object) -> tuple[Repeat, Kept] | None:
        """What is known of this request, and its answer, if that is still of `graph` and kept."""
        repeat = self._known.get(request)
        if repeat is None:
            return None
        kept = self._cache.get(repeat.etag) if repeat.graph is graph else None
        if kept is None:
            del self._known[request]
            self._bytes -= len(request) + _OVERHEAD
            return None
        return repeat, kept

    def put(self, request: bytes, repeat: Repeat) -> None:
        """Know this request from now on, and forget the one known for longest where there are too many."""
        if request in self._known or (len(request) + _OVERHEAD) * _LARGEST_SHARE > self._most:
            return
        self._known[request] = repeat
        self._bytes += len(request) + _OVERHEAD
        while self._bytes > self._most:
            gone, _ = self._known.popitem(last=False)
            self._bytes -= len(gone) + _OVERHEAD


def lines_of(headers: Headers) -> bytes:
    """Headers as HTTP/1.1 writes them."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


async def respond(scope: Scope, send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Send a whole response: at once where the server can (`write_whole` in the scope), in ASGI's two messages otherwise."""
    at_once = scope.get("write_whole")
    if at_once is not None and at_once(status, lines_of(headers), body):
        observed: Observed = scope["observed"]
        observed.started, observed.status, observed.bytes = True, status, len(body)
        return
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def etag_of(*parts: str) -> str:
    """The strong validator of what `parts` determine: the release, what is asked, and the format (RFC 9110 §8.8.3)."""
    whole = "\0".join((_MADE_BY, *parts)).encode("utf-8", "surrogatepass")
    return f'"{hashlib.blake2b(whole, digest_size=15).hexdigest()}"'


def is_known(etag: str, if_none_match: str, exists: Callable[[], bool] = lambda: False) -> bool:
    """Whether a client that sends this If-None-Match needs no new answer than the version `etag` (RFC 9110 §13.1.2).

    `*` means any version: it holds where there is known to be one, which `exists` says (and it takes work to know).
    """
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or ("*" in tags and exists())


class KeptAnswers:
    """Keeps what `app` answers to GET under some paths, where a release and a request determine it (named questions, and
    what `keeps` says yes to).

    They get a validator, 304 before any work, and HEAD.
    """

    def __init__(self, app: ASGIApp, most_bytes: int, keeps: Callable[[str], bool]) -> None:
        self._app, self.cache, self._keeps = app, AnswerCache(most_bytes), keeps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method")
        if method not in ("GET", "HEAD") or not (scope["path"].startswith(_KEPT_PATHS) or self._keeps(scope["path"])):
            await self._app(scope, receive, send)
            return
        state, given = scope["app"].state, dict(scope["headers"])
        state.kept = self.cache
        asked = [scope["path"], scope["query_string"].decode("latin-1")]
        asked += [given.get(name, b"").decode("latin-1") for name in _OF_REQUEST]
        etag = etag_of(state.graph.release.manifest.name, *asked)
        if is_known(etag, given.get(b"if-none-match", b"").decode("latin-1")):
            scope["observed"].outcome = "unchanged"
            await respond(scope, send, 304, _validators(etag), b"")
        elif kept := self.cache.get(etag):
            scope["observed"].outcome = "cached"
            await respond(scope, send, 200, kept.headers, b"" if method == "HEAD" else kept.body)
        else:
            keeping = _Keeping(self.cache, etag, send, head=method == "HEAD")
            await self._app({**scope, "method": "GET"}, receive, keeping)


class _Keeping:
    """Passes an answer on, and keeps it once it is whole."""

    def __init__(self, cache: AnswerCache, etag: str, send: Send, *, head: bool) -> None:
        self._cache, self._etag, self._send, self._head = cache, etag, send, head
        self._headers: Headers | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            given = {name for name, _ in message["headers"]}
            self._headers = [*message["headers"], *(one for one in _validators(self._etag) if one[0] not in given)]
            message = {**message, "headers": self._headers}
        elif message["type"] == "http.response.body":
            if self._headers is not None:
                self._body += message.get("body", b"")
                if not message.get("more_body"):
                    self._cache.put(self._etag, Kept(self._headers, bytes(self._body), 0))
            if self._head:
                message = {**message, "body": b""}
        await self._send(message)


def _validators(etag: str) -> Headers:
    tag = (b"etag", etag.encode())
    return [tag, (b"cache-control", b"public, no-cache"), (b"vary", b"Accept, Accept-Language"), *OF_EVERY_ANSWER]
