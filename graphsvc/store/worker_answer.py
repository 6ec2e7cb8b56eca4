"""An answer on its way from a worker: in the quick lane first, then by a worker of its own in the heavy one."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from graphsvc.errors import AnswerTooLarge, BadQuery, QueryRefused, QueryTimeout, StyrgrafError
from graphsvc.store.lane import Lane
from graphsvc.store.public_query import PublicQuery
from graphsvc.store.worker_process import Frame, Moved, Overrun, WorkerProcess

if TYPE_CHECKING:
    from graphsvc.store.workers import WorkerPool

_LAST_HEAD = struct.Struct("!I?")


class WorkerAnswer:
    """An answer on its way from a worker; `seconds` is the time spent waiting for the worker, not for the client."""

    def __init__(self, pool: WorkerPool, query: PublicQuery, client: str) -> None:
        self._pool, self._query, self._client = pool, query, client
        self._worker: WorkerProcess | None = None  # one that answers this query alone
        self._lane: Lane | None = None
        self.first, self.complete, self.rows, self.cut, self.seconds = b"", False, 0, False, 0.0

    async def start(self) -> None:
        """Get a place and a worker, and the first part of the answer."""
        pool = self._pool
        if not pool.quick.try_enter(self._client):
            await pool.quick.enter(self._client, pool.settings.query_seconds)
        self._lane = pool.quick
        frame = await self._quickly()
        if frame is None or frame[0] == b"P":  # a large answer is sent as fast as its client reads
            goes_on = await self._become_heavy()
            frame = frame if frame and goes_on else await self._next_in_time()
        self.first = self._read(frame)

    async def parts(self) -> AsyncIterator[bytes]:
        """The parts after the first; the errors of `ask` where the rest cannot come."""
        while not self.complete:
            yield self._read(await self._next_in_time())

    def close(self) -> None:
        """Give back what is held; the work is ended if it goes on."""
        worker, lane = self._worker, self._lane
        self._worker = self._lane = None
        if worker is not None:
            self._pool.discard(worker)
        if lane is not None:
            lane.leave(self._client)

    async def _quickly(self) -> Frame | None:
        """The first part of the answer, or None where it does not come soon; what is not whole is this query's alone."""
        request = self._query.to_bytes()
        while True:
            worker = await self._pool.quick_one()
            answer = worker.ask(request)
            try:
                frame = await answer
            except Moved:
                continue
            except Overrun:
                self._worker, self.seconds = worker, self._pool.settings.query_quick_seconds
                return None
            except ConnectionError:
                raise self._crashed() from None
            except asyncio.CancelledError:
                if not answer.cancelled() and (isinstance(answer.exception(), Overrun) or worker.apart):
                    self._worker = worker  # it was just made this query's own
                raise
            if frame[0] == b"P":
                self._worker = worker
            return frame

    async def _become_heavy(self) -> bool:
        """Leave the quick lane, and whether the work goes on.

        Where the heavy lane is full, the work is ended, waits for a place there and starts anew.
        """
        pool, worker = self._pool, self._worker
        assert worker is not None
        if pool.heavy.try_enter(self._client):
            pool.quick.leave(self._client)
            self._lane = pool.heavy
            worker.give_way()
            return True
        self.close()
        await pool.heavy.enter(self._client, pool.settings.query_seconds)
        self._lane = pool.heavy
        self._worker = await pool.take()
        self._worker.set_apart()
        pool.refill()
        self._worker.give_way()
        self.seconds = 0.0
        self._worker.send(self._query.to_bytes())
        return False

    async def _next_in_time(self) -> Frame:
        assert self._worker is not None
        limit, started = self._pool.settings.query_seconds, time.monotonic()
        try:
            return await self._worker.next(limit - self.seconds)
        except TimeoutError:
            raise QueryTimeout(limit) from None
        except ConnectionError:
            raise self._crashed() from None
        finally:
            self.seconds += time.monotonic() - started

    def _crashed(self) -> QueryRefused:
        self._pool.counts["crashed"] += 1
        return QueryRefused(
            "Frågan krävde mer minne eller djup än som är tillåtet. Begränsa den.",
            "The query took more memory or depth than is allowed. Limit it.",
        )

    def _read(self, frame: Frame) -> bytes:
        kind, body = frame
        if kind == b"P":
            return body
        self.complete = True
        if kind == b"E":
            self.close()
            raise _told(body)
        self.rows, self.cut = _LAST_HEAD.unpack_from(body)
        self.close()
        return body[_LAST_HEAD.size :]


def _told(body: bytes) -> StyrgrafError:
    error = json.loads(body)
    if error["error"] == "query":
        return BadQuery(error["detail"], error["line"], error["column"])
    if error["error"] == "size":
        return AnswerTooLarge(
            f"{error['sv']} Begränsa frågan, till exempel med LIMIT.",
            f"{error['en']} Limit the query, for instance with LIMIT.",
        )
    if error["error"] == "refused":
        return QueryRefused(error["sv"], error["en"])
    detail = error["detail"]
    return QueryRefused(f"Frågan kunde inte besvaras: {detail}", f"The query could not be answered: {detail}")
