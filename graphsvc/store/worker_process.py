"""One worker process as its owner sees it: started, sent a query, read frame by frame, and ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from typing import cast

_HEAD = struct.Struct("!cI")
_MOST_UNREAD = 1 << 20
_START_SECONDS = 30.0
_LOWEST_PRIORITY = 19

Frame = tuple[bytes, bytes]


class WorkerProcess(asyncio.Protocol):
    """A running worker; `network` says which wall keeps it from the network."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._frames: deque[Frame] = deque()
        self._unread = 0
        self._reader: asyncio.Future[Frame] | None = None
        self.alive, self.network = True, "open"

    @classmethod
    async def start(cls, arguments: Sequence[str]) -> WorkerProcess:
        """A worker that is ready; ConnectionError or TimeoutError if it cannot start."""
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "graphsvc.store.worker", str(theirs.fileno()), *arguments]

        def spawn() -> subprocess.Popen[bytes]:
            with theirs:
                return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])

        process = await loop.run_in_executor(None, spawn)
        ours.setblocking(False)
        _, worker = await loop.create_connection(lambda: cls(process), sock=ours)
        try:
            _, body = await worker.next(_START_SECONDS)
        except BaseException:
            worker.end()
            raise
        worker.network = json.loads(body)["network"]
        return worker

    def send(self, request: bytes) -> None:
        """Send a request; what comes back is read by `next`."""
        assert self._transport is not None
        self._transport.write(struct.pack("!I", len(request)) + request)

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
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOWEST_PRIORITY)

    def end(self) -> None:
        """End the process at once, whatever it does."""
        self.alive = False
        self._process.kill()
        if self._transport:
            self._transport.abort()

    async def ended(self) -> None:
        """Wait until the process is gone, so that no zombie is left."""
        await asyncio.get_running_loop().run_in_executor(None, self._process.wait)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # other event loops have classes of their own

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._buffer)
            end = _HEAD.size + length
            if len(self._buffer) < end:
                return
            frame = (kind, bytes(self._buffer[_HEAD.size : end]))
            del self._buffer[:end]
            self._deliver(frame)

    def connection_lost(self, exc: Exception | None) -> None:
        self.alive = False
        if self._reader and not self._reader.done():
            self._reader.set_exception(ConnectionError())

    def _deliver(self, frame: Frame) -> None:
        if self._reader and not self._reader.done():
            self._reader.set_result(frame)
            return
        self._frames.append(frame)
        self._unread += len(frame[1])
        if self._unread >= _MOST_UNREAD and self._transport:
            self._transport.pause_reading()


def _time_out(reader: asyncio.Future[Frame]) -> None:
    if not reader.done():
        reader.set_exception(TimeoutError())
