"""A pool of worker processes that answer public queries: each query has a time limit that really ends the work.

Two lanes keep light queries fast beside heavy ones. A query starts in the quick lane; when it overruns it is moved, with its
worker, to the heavy lane: lowest priority, its place in the quick lane is free again, and another worker is there for it.
A worker that was heavy is ended after its query, which gives its memory back.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any

from graphsvc.errors import AnswerTooLarge, BadQuery, Overloaded, QueryRefused, QueryTimeout, StyrgrafError
from graphsvc.settings import Settings
from graphsvc.store.lane import Lane
from graphsvc.store.public_query import PublicQuery
from graphsvc.store.worker_process import Frame, WorkerProcess

SPARE = 2
_RETRY_SECONDS = 1.0
_LAST_HEAD = struct.Struct("!I?")
_log = logging.getLogger("styrgraf.workers")


class WorkerPool:
    """Worker processes over one release's store; `async with` starts and ends them."""

    def __init__(self, store: Path, settings: Settings) -> None:
        self.settings = settings
        self.quick = Lane(settings.query_workers, settings.query_queue)
        self.heavy = Lane(settings.heavy_workers, settings.query_queue)
        self.counts: Counter[str] = Counter()
        self._arguments = [str(store), *map(str, (settings.query_memory, settings.answer_bytes, settings.answer_rows))]
        self._idle: deque[WorkerProcess] = deque()
        self._all: set[WorkerProcess] = set()
        self._takers: deque[asyncio.Future[WorkerProcess]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting, self._lent, self._open = 0, 0, False
        self.network = ""

    async def __aenter__(self) -> WorkerPool:
        self._open = True
        try:
            await asyncio.gather(*(self._start_one() for _ in range(self.quick.places + SPARE)))
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        for worker in list(self._all):
            self.discard(worker, lent=False)
        self._idle.clear()
        while self._tasks:  # one that was just starting is ended as soon as it has started
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ask(self, query: PublicQuery, client: str = "") -> WorkerAnswer:
        """Start to answer `query`, which `guard.read` has let through, for `client`.

        BadQuery, QueryRefused, QueryTimeout, AnswerTooLarge, or Overloaded if too many queries wait already.
        """
        answer = WorkerAnswer(self, query, client)
        try:
            await answer.start()
        except BaseException:
            answer.close()
            raise
        return answer

    def state(self) -> dict[str, object]:
        """How many workers there are and what they do, and which wall keeps them from the network."""
        return {
            "workers": len(self._all),
            "idle": len(self._idle),
            "quick": self.quick.taken,
            "heavy": self.heavy.taken,
            "waiting": self.quick.waiting + self.heavy.waiting,
            "network": self.network,
            **{name: self.counts[name] for name in ("started", "ended", "crashed")},
        }

    async def take(self) -> WorkerProcess:
        """An idle worker, as soon as there is one."""
        self._lent += 1
        while self._idle:
            worker = self._idle.pop()  # the one used last: its caches are warm
            if worker.alive:
                return worker
            self._gone(worker)
        self.refill()
        taker: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._takers.append(taker)
        try:
            async with asyncio.timeout(self.settings.query_seconds):
                return await taker
        except BaseException as error:
            self._lent -= 1
            if taker.done() and not taker.cancelled():
                self._offer(taker.result())
            if isinstance(error, TimeoutError):
                raise Overloaded("Ingen frågeprocess kunde startas i tid. Försök igen om en stund.") from None
            raise

    def give_back(self, worker: WorkerProcess) -> None:
        """Take back a worker that has finished its query."""
        self._lent -= 1
        self._offer(worker)

    def discard(self, worker: WorkerProcess, *, lent: bool = True) -> None:
        """End a worker; another takes its place."""
        self._lent -= lent
        self.counts["ended"] += 1
        worker.end()
        self._gone(worker)

    def keep_apart(self) -> None:
        """A lent worker has gone to the heavy lane: it no longer counts among the quick ones."""
        self._lent -= 1
        self.refill()

    def refill(self) -> None:
        """Start workers in the background until every place in the quick lane has one, and a spare one is ready."""
        while self._open and len(self._idle) + self._lent + self._starting < self.quick.places + SPARE:
            self._starting += 1
            self._background(self._replace())

    def _offer(self, worker: WorkerProcess) -> None:
        while self._takers:
            taker = self._takers.popleft()
            if not taker.done():
                taker.set_result(worker)
                return
        if self._open and worker.alive:
            self._idle.append(worker)
        else:
            self.discard(worker, lent=False)

    def _gone(self, worker: WorkerProcess) -> None:
        self._all.discard(worker)
        self._background(worker.ended())
        self.refill()

    async def _start_one(self) -> None:
        worker = await WorkerProcess.start(self._arguments)
        self._all.add(worker)
        self.counts["started"] += 1
        self.network = worker.network
        self._offer(worker)

    async def _replace(self) -> None:
        try:
            await self._start_one()
        except (OSError, TimeoutError) as error:
            _log.error("a worker could not be started: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)
        finally:
            self._starting -= 1
            if self._open:
                asyncio.get_running_loop().call_soon(self.refill)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class WorkerAnswer:
    """An answer on its way from a worker; `seconds` is the time spent waiting for the worker, not for the client."""

    def __init__(self, pool: WorkerPool, query: PublicQuery, client: str) -> None:
        self._pool, self._query, self._client = pool, query, client
        self._worker: WorkerProcess | None = None
        self._lane: Lane | None = None
        self.first, self.complete, self.rows, self.cut, self.seconds = b"", False, 0, False, 0.0

    async def start(self) -> None:
        """Get a place and a worker, and the first part of the answer."""
        pool = self._pool
        if not pool.quick.try_enter():
            await pool.quick.enter(self._client, pool.settings.query_seconds)
        self._lane = pool.quick
        self._worker = await pool.take()
        self._worker.send(self._query.to_bytes())
        try:
            frame: Frame | None = await self._next(min(pool.settings.query_quick_seconds, pool.settings.query_seconds))
        except TimeoutError:
            frame = None
        if frame is None:
            await self._become_heavy()
            frame = await self._next_in_time()
        elif frame[0] == b"P" and not await self._become_heavy():  # a large answer is sent as fast as its client reads
            frame = await self._next_in_time()
        self.first = self._read(frame)

    async def parts(self) -> AsyncIterator[bytes]:
        """The parts after the first; the errors of `ask` where the rest cannot come."""
        while not self.complete:
            yield self._read(await self._next_in_time())

    def close(self) -> None:
        """Give back what is held; the work is ended if it goes on."""
        worker, lane, pool = self._worker, self._lane, self._pool
        self._worker = self._lane = None
        if worker is not None:
            quick = lane is pool.quick
            if quick and self.complete and worker.alive:
                pool.give_back(worker)
            else:
                pool.discard(worker, lent=quick)
        if lane is not None:
            lane.leave()

    async def _become_heavy(self) -> bool:
        """Leave the quick lane, and whether the work goes on.

        Where the heavy lane is full, the work is ended, waits for a place there and starts anew.
        """
        pool, worker = self._pool, self._worker
        assert worker is not None
        if pool.heavy.try_enter():
            pool.quick.leave()
            self._lane = pool.heavy
            worker.give_way()
            pool.keep_apart()
            return True
        self.close()
        await pool.heavy.enter(self._client, pool.settings.query_seconds)
        self._lane = pool.heavy
        self._worker = await pool.take()
        pool.keep_apart()
        self._worker.give_way()
        self.seconds = 0.0
        self._worker.send(self._query.to_bytes())
        return False

    async def _next(self, seconds: float) -> Frame:
        assert self._worker is not None
        started = time.monotonic()
        try:
            return await self._worker.next(seconds)
        except ConnectionError:
            self._pool.counts["crashed"] += 1
            raise QueryRefused("Frågan krävde mer minne eller djup än som är tillåtet. Begränsa den.") from None
        finally:
            self.seconds += time.monotonic() - started

    async def _next_in_time(self) -> Frame:
        limit = self._pool.settings.query_seconds
        try:
            return await self._next(limit - self.seconds)
        except TimeoutError:
            raise QueryTimeout(limit) from None

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
        return AnswerTooLarge(f"{error['detail']} Begränsa frågan, till exempel med LIMIT.")
    if error["error"] == "refused":
        return QueryRefused(error["detail"])
    return QueryRefused(f"Frågan kunde inte besvaras: {error['detail']}")
