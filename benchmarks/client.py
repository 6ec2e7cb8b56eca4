"""A closed-loop HTTP client for benchmarks: each connection sends its next request when it has read the whole answer.

Run as a process of its own: reads {host, port, requests, connections, seconds, timeout} as JSON, writes outcomes as JSON.
One thread and plain sockets, so that the client costs as little as it can beside the server on the same machine.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field


@dataclass
class _Connection:
    """A connection: the bytes received so far of the answer to the request that was sent at `begun`."""

    host: str
    port: int
    socket: socket.socket | None = None
    received: bytearray = field(default_factory=bytearray)
    begun: float = 0.0

    def send(self, request: bytes) -> None:
        """Send a request, on a new connection if there is none."""
        if self.socket is None:
            self.socket = socket.create_connection((self.host, self.port), 5)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.socket.setblocking(True)
        self.received = bytearray()
        self.begun = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> int | None:
        """Read what has come; the status once the answer is whole, 0 if the connection broke, None if more is to come."""
        assert self.socket is not None
        try:
            data = self.socket.recv(1 << 18)
        except OSError:
            data = b""
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None if data else 0
        head = self.received[:end].lower()
        status = int(head[9:12])
        if b"content-length:" in head:
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            whole = len(self.received) >= end + 4 + length
        elif b"chunked" in head:
            whole = self.received.endswith(b"0\r\n\r\n")
        else:
            whole = not data
        if whole:
            if b"connection: close" in head or (not data):
                self.close()
            return status
        return None if data else 0

    def close(self) -> None:
        """End the connection."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def run(host: str, port: int, requests: list[str], connections: int, seconds: float, timeout: float) -> dict[str, object]:
    """Send `requests` until they or the `seconds` are used up; times in ms of those answered, and how many were not."""
    waiting = iter(request.encode() for request in requests)
    selector = selectors.DefaultSelector()
    times: list[float] = []
    statuses: dict[str, int] = {}
    begun = time.perf_counter()

    def told(outcome: str) -> None:
        statuses[outcome] = statuses.get(outcome, 0) + 1

    def next_request(connection: _Connection) -> bool:
        request = next(waiting, None) if time.perf_counter() - begun < seconds else None
        if request is None:
            connection.close()
            return False
        try:
            connection.send(request)
        except OSError:
            told("unreachable")
            connection.close()
            time.sleep(0.02)
            return next_request(connection)
        assert connection.socket is not None
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        return True

    open_now = sum(next_request(_Connection(host, port)) for _ in range(connections))
    last = begun
    while open_now:
        for key, _ in selector.select(0.05):
            connection = key.data
            sock = connection.socket
            status = connection.read()
            if status is None:
                continue
            selector.unregister(sock)
            last = time.perf_counter()
            told(str(status) if status else "broken")
            if 200 <= status < 300:
                times.append(1000 * (last - connection.begun))
            if not status:
                connection.close()
            open_now -= not next_request(connection)
        now = time.perf_counter()
        for key in [k for k in list(selector.get_map().values()) if now - k.data.begun > timeout]:
            selector.unregister(key.fileobj)
            told("timed out")
            key.data.close()
            open_now -= not next_request(key.data)
            last = now
    return {"times": times, "statuses": statuses, "seconds": last - begun}


if __name__ == "__main__":
    json.dump(run(**json.load(sys.stdin)), sys.stdout)
