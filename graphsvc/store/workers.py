"""A pool of worker processes that answer public queries: each query has a time limit that really ends the work.

Two lanes keep light queries fast beside heavy ones. A query starts in the quick lane; when it overruns it is moved, with its
worker, to the heavy lane: it works only when no other wants to, its place in the quick lane is free again, and another
worker is there for it. A worker that was heavy is ended after its query, which gives its memory back. One client has at most
half of the heavy lane, so that who reads large answers slowly does not shut it for others.

In the quick lane as few workers as there are processors answer, one query after the other: waking a process costs about as
much as a small query. Who waits behind one that takes longer than most is sent to another worker.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from graphsvc.errors import Overloaded
from graphsvc.settings import Settings
from graphsvc.store import isolation
from graphsvc.store.lane import Lane
from graphsvc.store.nursery import Nursery
from graphsvc.store.public_query import PublicQuery
from graphsvc.store.worker_answer import WorkerAnswer
from graphsvc.store.worker_process import Overrun, WorkerProcess

SPARE = 2
DEPTH = 2  # quick queries at once for each worker
_RETRY_SECONDS = 1.0
_LOOK_SECONDS = 0.01
_PATIENCE = 10
_log = logging.getLogger("styrgraf.workers")


class WorkerPool:
    """Worker processes over one release's store; `async with` starts and ends them."""

    def __init__(self, store: Path, settings: Settings) -> None:
        self.settings = settings
        self.quick = Lane(DEPTH * settings.query_workers, settings.query_queue)
        self.heavy = Lane(settings.heavy_workers, settings.query_queue, max(1, settings.heavy_workers // 2))
        self.counts: Counter[str] = Counter()
        limits = settings.query_memory, settings.answer_bytes, settings.answer_rows
        self._nursery = Nursery([str(store), *map(str, limits)])
        self._few = min(isolation.processors(), settings.query_workers)
        self._quick_seconds = min(settings.query_quick_seconds, settings.query_seconds)
        self._idle: deque[WorkerProcess] = deque()
        self._busy: set[WorkerProcess] = set()
        self._all: set[WorkerProcess] = set()
        self._takers: deque[asyncio.Future[WorkerProcess]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.TimerHandle | None = None
        self._starting, self._open = 0, False
        self.network = ""

    async def __aenter__(self) -> WorkerPool:
        self._open = True
        try:
            await asyncio.gather(*(self._start_one() for _ in range(self.settings.query_workers + SPARE)))
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self._open = False
        for worker in list(self._all):
            self.discard(worker)
        while self._tasks:  # one that was just starting is ended as soon as it has started
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._nursery.close()

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

    async def quick_one(self) -> WorkerProcess:
        """A worker to ask a quick query: an idle one while few work, otherwise the one that the fewest wait for."""
        if len(self._busy) >= self._few:
            since = asyncio.get_running_loop().time() - _LOOK_SECONDS
            prompt = [worker for worker in self._busy if worker.since > since]
            if len(prompt) >= self._few or (prompt and not self._idle):
                return min(prompt, key=lambda worker: len(worker.asked))
        worker = await self.take()
        self._busy.add(worker)
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)
        return worker

    async def take(self) -> WorkerProcess:
        """An idle worker, as soon as there is one."""
        if self._idle:
            return self._idle.pop()  # the one used last: its caches are warm
        self.refill()
        taker: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._takers.append(taker)
        try:
            async with asyncio.timeout(self.settings.query_seconds):
                return await taker
        except BaseException as error:
            if taker.done() and not taker.cancelled():
                self._offer(taker.result())
            if isinstance(error, TimeoutError):
                raise Overloaded(
                    "Ingen frågeprocess kunde startas i tid. Försök igen om en stund.",
                    "No process for queries could be started in time. Try again in a while.",
                ) from None
            raise

    def discard(self, worker: WorkerProcess) -> None:
        """End a worker; another takes its place."""
        if worker not in self._all:
            return
        self._all.discard(worker)
        self._busy.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        self.counts["ended"] += 1
        worker.end()
        self._nursery.bury(worker)
        self.refill()

    def refill(self) -> None:
        """Start workers in the background until every place in the quick lane has one, and spare ones are ready."""
        while self._open and len(self._idle) + len(self._busy) + self._starting < self.settings.query_workers + SPARE:
            self._starting += 1
            self._background(self._replace())

    def _look(self) -> None:
        """Look after those that work: whose query is no quick one, and who waits behind one that is slower than most."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for worker in list(self._busy):
            if now - worker.since < _LOOK_SECONDS:
                continue
            if self._starves(worker, now) or now - worker.since < self._quick_seconds:
                if self._idle:
                    worker.move_others()
                continue
            unheard = worker.asked[0].done()
            worker.set_apart(Overrun)
            self._freed(worker)
            if unheard:
                self.discard(worker)  # its client has left
        self._watch = loop.call_later(_LOOK_SECONDS, self._look) if self._busy else None

    def _starves(self, worker: WorkerProcess, now: float) -> bool:
        """Whether a worker has hardly been let to work on its query: then the machine is slow, and not the query."""
        worked = isolation.worked_seconds(worker.pid)
        if worker.looked_at[0] != worker.since:
            worker.looked_at = worker.since, worked
        patience, little = _PATIENCE * self._quick_seconds, self._quick_seconds / _PATIENCE
        return now - worker.since < patience and worked - worker.looked_at[1] < little

    def _freed(self, worker: WorkerProcess) -> None:
        """A worker has answered all that it was asked, or works for one query alone, or has ended."""
        self._busy.discard(worker)
        if not worker.alive:
            self.discard(worker)
        elif worker.apart:
            self.refill()
        else:
            self._offer(worker)

    def _offer(self, worker: WorkerProcess) -> None:
        while self._takers:
            taker = self._takers.popleft()
            if not taker.done():
                taker.set_result(worker)
                return
        if self._open and worker.alive:
            self._idle.append(worker)
        else:
            self.discard(worker)

    async def _start_one(self) -> None:
        worker = await self._nursery.worker()
        worker.on_free = self._freed
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
