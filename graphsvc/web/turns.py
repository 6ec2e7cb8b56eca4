"""Whose turn it is: how much is made at once of what routes answer, how much may wait, and for how long.

What waits holds no thread, so that a crowd at one route neither stops the others nor hides that the service lives.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphsvc.errors import Overloaded
from graphsvc.web.errors import answer_to
from graphsvc.web.limits import client_of
from graphsvc.web.sparql import Departure

_LIGHT = ("/healthz", "/readyz", "/metrics", "/static/", "/typsnitt/", "/data.", "/openapi.json")
_HEAVY = ("/remiss/", "/diagrams/")
_AT_ONCE, _WAITING = 8, 56
_HEAVY_AT_ONCE, _HEAVY_WAITING = 2, 22
_PATIENCE = 10.0
_TOO_MUCH = (
    "Tjänsten har mer att göra än den hinner. Försök igen om en stund.",
    "The service has more to do than it can. Try again in a while.",
)


class Line:
    """Lets in `at_once`; `waiting` more may wait, half of all for one client, none longer than `patience` (s)."""

    def __init__(self, at_once: int, waiting: int, patience: float = _PATIENCE) -> None:
        self._turn, self._most, self._patience = asyncio.Semaphore(at_once), at_once + waiting, patience
        self._there: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, client: str) -> AsyncIterator[None]:
        """A turn for `client` (empty: this machine, which may be a proxy for everyone); Overloaded where there is none."""
        if self._there.total() >= self._most or (client and self._there[client] >= max(1, self._most // 2)):
            raise Overloaded(*_TOO_MUCH)
        self._there[client] += 1
        try:
            await self._wait()
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._there[client] -= 1
            if not self._there[client]:
                del self._there[client]

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise Overloaded(*_TOO_MUCH) from None


class Turns:
    """Lets what `app` makes wait for its turn: appendices and pictures in one line, all else in another.

    A turn ends when the answer begins, so that nobody holds one by reading slowly; who leaves in the meantime loses it.
    """

    def __init__(self, app: ASGIApp, ordinary: Line | None = None, heavy: Line | None = None) -> None:
        self._app = app
        self._ordinary, self._heavy = ordinary or Line(_AT_ONCE, _WAITING), heavy or Line(_HEAVY_AT_ONCE, _HEAVY_WAITING)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_LIGHT):
            await self._app(scope, receive, send)
            return
        line = self._heavy if scope["path"].startswith(_HEAVY) else self._ordinary
        async with AsyncExitStack() as turn:
            try:
                with Departure(receive) as departure:
                    await turn.enter_async_context(line.turn(client_of(scope["client"][0] if scope["client"] else "")))
            except Overloaded as error:
                scope["observed"].outcome = "overloaded"
                await answer_to(Request(scope), error)(scope, receive, send)
                return
            except asyncio.CancelledError:
                if not departure.left:
                    raise
                scope["observed"].outcome = "client-left"
                return

            async def begun(message: Message) -> None:
                await turn.aclose()
                await send(message)

            await self._app(scope, receive, begun)
