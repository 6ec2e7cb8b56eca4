"""A real server, started as its users start it, and plain HTTP to it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from graphsvc.settings import Settings

START_SECONDS = 60


@dataclass(frozen=True)
class Reply:
    """A response: status, headers in lower case, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Its media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def request(
        self, method: str, path: str, body: bytes | str | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, query: str, accept: str | None = None, **more: str | list[str]) -> Reply:
        """A query by GET; `more` are further parameters, their underscores written as hyphens."""
        given = {name.replace("_", "-"): value for name, value in more.items()}
        address = "/sparql?" + urlencode({"query": query} | given, doseq=True)
        return self.request("GET", address, headers={"Accept": accept} if accept else None)

    def form(self, fields: list[tuple[str, str]], accept: str = "*/*") -> Reply:
        """A POSTed form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        return self.request("POST", "/sparql", urlencode(fields), headers)

    def direct(self, query: str | bytes, media: str = "application/sparql-query", address: str = "/sparql") -> Reply:
        """A query POSTed directly."""
        body = query.encode() if isinstance(query, str) else query
        return self.request("POST", address, body, {"Content-Type": media})

    def raw(self, data: bytes) -> bytes:
        """What is answered to these bytes until the server closes, or says nothing more for a second."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            connection.settimeout(1.0)
            answer = b""
            with suppress(OSError):
                connection.sendall(data)
            with suppress(OSError):
                while piece := connection.recv(65536):
                    answer += piece
            return answer


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(settings: Settings, folder: Path, **environment: str) -> Iterator[Server]:
    """`graphsvc serve` over the release of `settings`, with these STYRGRAF_ settings; it is stopped by SIGTERM."""
    port = free_port()
    log = folder / f"access-{port}.log"
    given = {"WORKSPACE": str(settings.workspace), "CONTENT": str(settings.content), "ACCESS_LOG": str(log), **environment}
    env = os.environ | {f"STYRGRAF_{name}": value for name, value in given.items()}
    process = subprocess.Popen([sys.executable, "-m", "graphsvc", "serve", "--port", str(port)], env=env)
    server = Server(port, process, log)
    try:
        _wait(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(server: Server) -> None:
    for _ in range(START_SECONDS * 10):
        with suppress(OSError):
            if server.request("GET", "/readyz").status == 200:
                return
        assert server.process.poll() is None, "the server did not start"
        time.sleep(0.1)
    raise AssertionError("the server was not ready in time")
