"""Where worker processes come from: a process that has imported all they need, and opened no store, forks them when asked.

A new worker costs some milliseconds so, not the tenth of a second of a fresh interpreter, which light queries would feel
when many heavy ones come at once. Its half stands in `worker`: it waits for orders, a letter and a number: S start, with the
socket of the worker to be, answered by its process number; B bury the ended process of that number.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import Sequence

from graphsvc.store.worker import BURY, ORDER, START
from graphsvc.store.worker_process import WorkerProcess


class Nursery:
    """Starts worker processes, one at a time, with these arguments of `graphsvc.store.worker`."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = list(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._turn = asyncio.Lock()

    async def worker(self) -> WorkerProcess:
        """A new worker that is ready; OSError or TimeoutError if it cannot start."""
        async with self._turn:
            if self._process is None or self._process.poll() is not None:
                await self._open()
            return await self._born()

    def bury(self, worker: WorkerProcess) -> None:
        """Let the system forget a worker that was ended."""
        if self._orders is not None:
            with contextlib.suppress(OSError):
                self._orders.send(ORDER.pack(BURY, worker.pid))

    def close(self) -> None:
        """End it, and with it the workers."""
        if self._process is not None and self._orders is not None:
            self._orders.close()
            self._process.kill()
            self._process.wait()

    async def _open(self) -> None:
        self.close()
        self._orders, theirs = socket.socketpair()
        self._orders.setblocking(False)
        command = [sys.executable, "-m", "graphsvc.store.worker", str(theirs.fileno()), *self._arguments]

        def spawn() -> subprocess.Popen[bytes]:
            with theirs:
                return subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])

        self._process = await asyncio.get_running_loop().run_in_executor(None, spawn)

    async def _born(self) -> WorkerProcess:
        assert self._orders is not None
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                socket.send_fds(self._orders, [ORDER.pack(START, 0)], [theirs.fileno()])
            number = await loop.sock_recv(self._orders, 4)
            if len(number) < 4:
                raise ConnectionError("no worker could be started")
        except BaseException:
            ours.close()
            raise
        _, worker = await loop.create_connection(lambda: WorkerProcess(int.from_bytes(number)), sock=ours)
        try:
            await worker.ready()
        except BaseException:
            worker.end()
            self.bury(worker)
            raise
        return worker
