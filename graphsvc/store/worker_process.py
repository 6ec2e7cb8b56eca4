"""One worker process as its owner sees it: sent queries, read frame by frame, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import struct
from collections import deque
from collections.abc import Callable
from typing import cast

from graphsvc.store import isolation

_HEAD = struct.Struct("!cI")
_MOST_UNREAD = 1 << 20
_START_SECONDS = 30.0

Frame = tuple[bytes, bytes]


class Overrun(Exception):
    """The query has been answered for so long that it is no quick one."""


class Moved(Exception):
    """The query was not begun, and will not be by this worker: another is to be asked."""


class WorkerProcess(asyncio.Protocol):
    """A running worker; `network` says which wall keeps it from the network.

    It answers one query after the other: those that wait for it (`asked`, the first of them since the time `since`) spare it
    a sleep between two. Once it is `apart` it has one query only, whose answer is read frame by frame.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._frames: deque[Frame] = deque()
        self._unread = 0
        self._reader: asyncio.Future[Frame] | None = None
        self.asked: deque[asyncio.Future[Frame]] = deque()
        self.since, self.alive, self.apart, self.network = 0.0, True, True, "open"
        self.looked_at = (0.0, 0.0)  # a query, by when it began, and how long the process had worked when it was looked at
        self.on_free: Callable[[WorkerProcess], None] = lambda worker: None

    async def ready(self) -> None:
        """Wait until it can be asked; ConnectionError or TimeoutError if it cannot."""
        _, body = await self.next(_START_SECONDS)
        self.network, self.apart = json.loads(body)["network"], False

    def ask(self, request: bytes) -> asyncio.Future[Frame]:
        """Send a request; the first frame of its answer, or Overrun, Moved, or ConnectionError if the process ended."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Frame] = loop.create_future()
        if not self.asked:
            self.since = loop.time()
        self.asked.append(answer)
        self.send(request)
        return answer

    def send(self, request: bytes) -> None:
        """Send a request; what comes back is read by `next`."""
        assert self._transport is not None
        self._transport.write(len(request).to_bytes(4) + request)

    def set_apart(self, reason: type[Exception] | None = None) -> None:
        """Answer only what is being answered, and tell its asker the `reason`; the others are to ask elsewhere."""
        self.apart = True
        self.move_others()
        if self.asked and reason and not self.asked[0].done():
            self.asked[0].set_exception(reason())
        self.asked.clear()

    def move_others(self) -> None:
        """Let those who wait behind the first ask elsewhere; should they be answered here too, nobody listens."""
        for answer in list(self.asked)[1:]:
            if not answer.done():
                answer.set_exception(Moved())

    async def next(self, seconds: float) -> Frame:
        """The next frame; TimeoutError after so many seconds, ConnectionError if the process ended."""
        if self._frames:
            frame = self._frames.popleft()
            self._unread -= len(frame[1])
            if self._unread < _MOST_UNREAD and self._transport and not self._transport.is_closing():
                self._transport.resume_reading()
            return frame
        if not self.alive:
            raise ConnectionError
        loop = asyncio.get_running_loop()
        reader: asyncio.Future[Frame] = loop.create_future()
        self._reader = reader
        timer = loop.call_later(max(seconds, 0.0), _time_out, reader)
        try:
            return await reader
        finally:
            timer.cancel()
            self._reader = None

    def give_way(self) -> None:
        """Let every other process go before this one, from now on."""
        isolation.give_way(self.pid)

    def end(self) -> None:
        """End the process at once, whatever it does; its number stands for no other one until it is buried."""
        self.alive = False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # other event loops have classes of their own

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            self._buffer += data
            data = bytes(self._buffer)
            self._buffer.clear()
        start, size = 0, len(data)
        while size - start >= _HEAD.size:
            kind, length = _HEAD.unpack_from(data, start)
            end = start + _HEAD.size + length
            if end > size:
                break
            self._deliver((kind, data[start + _HEAD.size : end]))
            start = end
        if start < size:
            self._buffer += data[start:]

    def connection_lost(self, exc: Exception | None) -> None:
        self.alive = False
        if self._reader and not self._reader.done():
            self._reader.set_exception(ConnectionError())
        if not self.apart:
            self.set_apart(ConnectionError)
            self.on_free(self)

    def _deliver(self, frame: Frame) -> None:
        if not self.apart:
            self._answer(frame)
        elif self._reader and not self._reader.done():
            self._reader.set_result(frame)
        else:
            self._frames.append(frame)
            self._unread += len(frame[1])
            if self._unread >= _MOST_UNREAD and self._transport:
                self._transport.pause_reading()

    def _answer(self, frame: Frame) -> None:
        answer = self.asked.popleft()
        if frame[0] == b"P":  # a large answer: the rest of it is read by its asker alone
            self.asked.appendleft(answer)
            self.set_apart()
        if not answer.done():
            answer.set_result(frame)
        elif self.apart:
            self.end()
        self.since = asyncio.get_running_loop().time()
        if self.apart or not self.asked:
            self.on_free(self)


def _time_out(reader: asyncio.Future[Frame]) -> None:
    if not reader.done():
        reader.set_exception(TimeoutError())
