"""Answers kept as long as the release that they are of: an exact cache, bounded in bytes, and its validators."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from importlib.metadata import version

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST_SHARE = 8
_OVERHEAD = 400
_MADE_BY = version("styrgraf")
_KEPT_PATHS = ("/api/",)
_OF_REQUEST = (b"accept", b"accept-language")

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


def etag_of(*parts: str) -> str:
    """The strong validator of what `parts` determine: the release, what is asked, and the format (RFC 9110 §8.8.3)."""
    whole = "\0".join((_MADE_BY, *parts)).encode("utf-8", "surrogatepass")
    return f'"{hashlib.blake2b(whole, digest_size=15).hexdigest()}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether a client that sends this If-None-Match has the version `etag` (RFC 9110 §13.1.2); `*` says nothing of it."""
    return any(tag.strip().removeprefix("W/") == etag for tag in if_none_match.split(","))


class KeptAnswers:
    """Keeps what `app` answers to GET under some paths, where a release and a request determine it (named questions).

    They get a validator, 304 before any work, and HEAD.
    """

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app, self.cache = app, AnswerCache(most_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method")
        if method not in ("GET", "HEAD") or not scope["path"].startswith(_KEPT_PATHS):
            await self._app(scope, receive, send)
            return
        state, given = scope["app"].state, dict(scope["headers"])
        state.kept = self.cache
        asked = [scope["path"], scope["query_string"].decode("latin-1")]
        asked += [given.get(name, b"").decode("latin-1") for name in _OF_REQUEST]
        etag = etag_of(state.graph.release.manifest.name, *asked)
        if is_known(etag, given.get(b"if-none-match", b"").decode("latin-1")):
            scope["observed"].outcome = "unchanged"
            await _send(send, 304, _validators(etag), b"")
        elif kept := self.cache.get(etag):
            scope["observed"].outcome = "cached"
            await _send(send, 200, kept.headers, b"" if method == "HEAD" else kept.body)
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
            self._headers = [*message["headers"], *_validators(self._etag)]
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
    return [(b"etag", etag.encode()), (b"cache-control", b"public, no-cache"), (b"vary", b"Accept, Accept-Language")]


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
