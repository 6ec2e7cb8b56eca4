"""The servers that benchmarks/service.py measures: each started on a free loopback port over the same data, and ended."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from graphsvc.release.build import Release

ROOT = Path(__file__).parent.parent
_JSON = "application/sparql-results+json"
_GRAPH = "http://example.org/default"
_VIRTUOSO = ROOT / "tests" / "virtuoso.ini"


@dataclass(frozen=True)
class Server:
    """A running SPARQL server: where it is, the path of its endpoint and what a request to it adds."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    path: str
    extra: dict[str, str]

    def request(self, query: str) -> str:
        """The HTTP request that asks `query`."""
        target = f"{self.path}?{urlencode({'query': query, **self.extra})}"
        return f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: {_JSON}\r\n\r\n"

    def ask(self, query: str, timeout: float = 30) -> dict[str, Any]:
        """The answer to one query."""
        target = f"http://127.0.0.1:{self.port}{self.path}?{urlencode({'query': query, **self.extra})}"
        with urllib.request.urlopen(urllib.request.Request(target, headers={"Accept": _JSON}), timeout=timeout) as answer:
            return dict(json.load(answer))

    def family(self) -> list[int]:
        """The process and all that it has started."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except OSError:
                    continue
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu(self) -> float:
        """The processor time that the whole family has used, in seconds."""
        total = 0
        for pid in self.family():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """The resident memory of the whole family, in bytes (shared pages counted once for each process)."""
        total = 0
        for pid in self.family():
            try:
                total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except OSError:
                continue
        return total


def free_port() -> int:
    """A loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(
    name: str,
    command: list[str],
    port: int,
    path: str,
    folder: Path,
    extra: dict[str, str] | None = None,
    **environment: str,
) -> Iterator[Server]:
    """Start a server, wait until it answers a query, and end it and its children afterwards."""
    output = folder / f"{name}.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True
        )
    server = Server(name, process, port, path, extra or {})
    try:
        if not _answers(server):
            raise RuntimeError(f"{name} did not start: {output.read_text('utf-8', 'replace')[-2000:]}")
        yield server
    finally:
        for signalled in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, signalled)
                process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def _answers(server: Server) -> bool:
    """Whether the server answers within two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            server.ask("ASK {}")
            return True
        except (OSError, ValueError):
            time.sleep(0.1)
    return False


def servers(stack: ExitStack, release: Release, folder: Path, wanted: str) -> list[Server]:
    """All servers that are wanted and can be had here, started on the release's data."""
    store, triples = release.folder / "store", folder / "default.nt"
    with triples.open("wb") as out:
        ox.Store.read_only(str(store)).dump(out, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    scripts = Path(sys.executable).parent
    found = []

    def start(name: str, program: str, command: Callable[[str, int], list[str]], path: str, **more: Any) -> None:
        executable = shutil.which(program, path=f"{scripts}:{os.environ['PATH']}")
        if executable and re.search(wanted, name):
            port = free_port()
            found.append(stack.enter_context(started(name, command(executable, port), port, path, folder, **more)))

    workspace = str(release.folder.parent.parent)
    for web_workers in (1, 2):
        start(f"graphsvc, {web_workers} web worker" + "s" * (web_workers > 1), "graphsvc",
              lambda e, p: [e, "--workspace", workspace, "serve", "--port", str(p)], "/sparql",
              STYRGRAF_WEB_WORKERS=str(web_workers), STYRGRAF_CONTENT=str(ROOT), STYRGRAF_ACCESS_LOG="")  # fmt: skip
    start("oxigraph serve-read-only", "oxigraph",
          lambda e, p: [e, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{p}"], "/query")  # fmt: skip
    start("rdflib-endpoint", "rdflib-endpoint",
          lambda e, p: [e, "serve", "--host", "127.0.0.1", "--port", str(p), str(triples)], "/")  # fmt: skip
    start("Virtuoso", "virtuoso-t", lambda e, p: _virtuoso(e, p, folder), "/sparql", extra={"default-graph-uri": _GRAPH})
    for server in found:
        if server.name == "Virtuoso":
            _fill_virtuoso(server, triples)
    return found


def _virtuoso(executable: str, port: int, folder: Path) -> list[str]:
    ini, size = folder / "virtuoso.ini", {"buffers": 85_000, "dirty": 60_000, "threads": 40, "rows": 100_000}
    ini.write_text(_VIRTUOSO.read_text("utf-8").format(folder=folder, port=port, internal=free_port(), **size), "utf-8")
    return [executable, "+foreground", "+configfile", str(ini)]


def _fill_virtuoso(server: Server, triples: Path) -> None:
    """Load the triples by the graph store protocol."""
    address = f"http://127.0.0.1:{server.port}"
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, address, "dba", "dba")
    opener = urllib.request.build_opener(urllib.request.HTTPDigestAuthHandler(passwords))
    lines = triples.read_bytes().splitlines(keepends=True)
    for first in range(0, len(lines), 20_000):
        target = f"{address}/sparql-graph-crud-auth?{urlencode({'graph-uri': _GRAPH})}"
        body = b"".join(lines[first : first + 20_000])
        asked = urllib.request.Request(target, body, {"Content-Type": "text/turtle"}, method="POST")
        opener.open(asked, timeout=600).close()
