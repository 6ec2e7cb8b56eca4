"""A pool of worker processes that answer public queries: each query has a time limit that really ends the work."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from graphsvc.errors import AnswerTooLarge, BadQuery, Overloaded, QueryRefused, QueryTimeout
from graphsvc.formats import Format
from graphsvc.settings import Settings
from graphsvc.store import guard


class WorkerPool:
    """Worker processes over one release's store; `async with` starts and ends them."""

    def __init__(self, store: Path, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._idle: asyncio.Queue[Process] = asyncio.Queue()
        self._all: set[Process] = set()
        self._waiting = 0

    async def __aenter__(self) -> WorkerPool:
        for process in await asyncio.gather(*(self._start() for _ in range(self._settings.query_workers))):
            self._idle.put_nowait(process)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(self._end(process) for process in list(self._all)))

    async def answer(self, query: str, format: Format) -> bytes:
        """The answer to `query`, serialised.

        BadQuery, QueryRefused, QueryTimeout, AnswerTooLarge, or Overloaded if too many queries wait already.
        """
        guard.check(query)
        if self._waiting >= self._settings.query_queue:
            raise Overloaded("För många frågor väntar just nu. Försök igen om en stund.")
        self._waiting += 1
        try:
            process = await self._idle.get()
        finally:
            self._waiting -= 1
        finished = False
        try:
            async with asyncio.timeout(self._settings.query_seconds):
                status, body = await _exchange(process, query, format)
            finished = True
        except TimeoutError:
            raise QueryTimeout(self._settings.query_seconds) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise QueryRefused("Frågan krävde mer minne än som är tillåtet. Begränsa den och försök igen.") from None
        finally:
            await asyncio.shield(self._give_back(process, finished))
        return _told(status, body)

    async def _give_back(self, process: Process, finished: bool) -> None:
        if not finished:
            await self._end(process)
            process = await self._start()
        self._idle.put_nowait(process)

    async def _start(self) -> Process:
        limits = (str(self._settings.query_memory), str(self._settings.answer_bytes))
        command = (sys.executable, "-m", "graphsvc.store.worker", str(self._store), *limits)
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
        self._all.add(process)
        return process

    async def _end(self, process: Process) -> None:
        self._all.discard(process)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _exchange(process: Process, query: str, format: Format) -> tuple[bytes, bytes]:
    assert process.stdin and process.stdout
    request = json.dumps({"query": query, "format": format.name}).encode()
    process.stdin.write(struct.pack("!I", len(request)) + request)
    await process.stdin.drain()
    head = await process.stdout.readexactly(5)
    return head[:1], await process.stdout.readexactly(struct.unpack("!I", head[1:])[0])


def _told(status: bytes, body: bytes) -> bytes:
    if status == b"O":
        return body
    error = json.loads(body)
    if error["error"] == "query":
        raise BadQuery(error["detail"], error["line"], error["column"])
    if error["error"] == "size":
        raise AnswerTooLarge("Svaret är större än som är tillåtet. Begränsa frågan, till exempel med LIMIT.")
    raise QueryRefused(f"Frågan kunde inte besvaras: {error['detail']}")
