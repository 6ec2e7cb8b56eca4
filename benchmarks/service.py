"""Measures this service beside others, on the same data, queries and machine: `python benchmarks/service.py`.

Starts, on loopback ports, `graphsvc serve`, `oxigraph serve-read-only` (over the very same store), `rdflib-endpoint` and
Virtuoso where its binary is found; checks that they answer alike; sends each the loads of benchmarks/loads.py from a
client process (benchmarks/client.py), server after server in each round; and writes the table between its marks in the
README: (a) small queries, no two alike, (b) a repeated mix, (c) heavy ones, (d) small ones while eight that never end run.
The peers: `pip install -e '.[benchmark]'`; Debian's `virtuoso-server`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import loads
import pyoxigraph as ox

from graphsvc.content import Content
from graphsvc.release.build import Release, ensure
from graphsvc.settings import Settings

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- service -->", "<!-- /service -->"
_JSON = "application/sparql-results+json"
_GRAPH = "http://example.org/default"
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{internal}
DisableUnixSocket = 1
NumberOfBuffers = 85000
MaxDirtyBuffers = 60000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
MaxClientConnections = 40
ServerThreads = 40
[SPARQL]
ResultSetMaxRows = 100000
"""


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
    name: str, command: list[str], port: int, path: str, folder: Path, extra: dict[str, str] | None = None, **environment: str
) -> Iterator[Server]:
    """Start a server, wait until it answers a query, and end it and its children afterwards."""
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ, **environment}, start_new_session=True)
    server = Server(name, process, port, path, extra or {})
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                server.ask("ASK {}")
                break
            except (OSError, ValueError):
                if time.monotonic() > deadline or process.poll() is not None:
                    raise RuntimeError(f"{name} did not start: {(folder / f'{name}.log').read_text('utf-8', 'replace')[-2000:]}") from None
                time.sleep(0.1)
        yield server
    finally:
        for signalled in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(process.pid, signalled)
                process.wait(10)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


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
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO.format(folder=folder, port=port, internal=free_port()), "utf-8")
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


def send(
    server: Server, queries: list[str], connections: int, seconds: float, timeout: float = 30
) -> subprocess.Popen[str]:
    """A client process that sends `queries` to `server`."""
    job = {"host": "127.0.0.1", "port": server.port, "requests": [server.request(query) for query in queries],
           "connections": connections, "seconds": seconds, "timeout": timeout}  # fmt: skip
    command = [sys.executable, str(Path(__file__).with_name("client.py"))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    process.stdin.write(json.dumps(job))
    process.stdin.close()
    return process


def outcome(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a client process found: answers a second, percentiles in ms, and how often each status came."""
    assert process.stdout
    told = json.loads(process.stdout.read())
    process.wait()
    times = sorted(told["times"])
    answered = {"rate": len(times) / told["seconds"] if told["seconds"] else 0.0, "statuses": told["statuses"]}
    if times:
        answered |= {name: times[min(len(times) - 1, int(share * len(times)))] for name, share in _SHARES.items()}
    return answered


_SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}


def measure(found: list[Server], things: list[str], rounds: int, seconds: float, connections: int) -> dict[str, Any]:
    """All loads on all servers: of the rounds of (a) to (c) the middle one, then (d)."""
    results: dict[str, Any] = {server.name: {"processes": len(server.family()), "memory": server.memory()} for server in found}
    kinds: dict[str, Callable[[int], Iterator[str]]] = {
        "unique": lambda seed: loads.unique(things, seed),
        "mix": lambda seed: loads.mix(things, seed),
        "heavy": loads.heavy,
    }
    parts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number in range(rounds):
        share = len(things) * 6 // rounds
        for kind, make in kinds.items():
            for server in found:
                if kind == "unique":  # no query twice, in no round
                    queries = list(islice(make(0), number * share, (number + 1) * share))
                else:
                    queries = list(islice(make(number), 30_000 if kind == "mix" else 400))
                parts.setdefault((server.name, kind), []).append(outcome(send(server, queries, connections, seconds)))
    for (name, kind), outcomes in parts.items():
        results[name][kind] = sorted(outcomes, key=lambda o: o["rate"])[len(outcomes) // 2]
    for server in found:
        results[server.name]["besieged"] = besieged(server, things, seconds)
    return results


def besieged(server: Server, things: list[str], seconds: float) -> dict[str, Any]:
    """Small queries on four connections while eight that never end run; how many processes and how much memory after."""
    attackers = [send(server, [query] * 200, 1, 3 * seconds + 2, timeout=60) for query in loads.PATHOLOGICAL]
    time.sleep(2)
    queries = list(islice(loads.unique(things, 99), 20_000))
    light = outcome(send(server, queries, 4, 3 * seconds, timeout=10))
    peak = server.memory()
    for attacker in attackers:
        attacker.kill()
        attacker.wait()
    time.sleep(10)
    try:
        server.ask(queries[-1], timeout=20)
        well = "yes"
    except (OSError, ValueError, urllib.error.URLError):
        well = "no"
    return {**light, "memory": peak, "well": well, "processes": len(server.family())}


def same_answers(found: list[Server], things: list[str]) -> list[str]:
    """Queries to which a server answers otherwise than the first one; empty if all agree."""
    queries = [*islice(loads.unique(things, 5), 60), *{query for query in islice(loads.mix(things, 5), 400)}]
    other = []
    for query in queries:
        if " LIMIT " in query and "ORDER BY" not in query:
            continue
        told = {server.name: _rows(server.ask(query)) for server in found}
        first = told[found[0].name]
        other += [f"{name}: {query.splitlines()[-1]}" for name, rows in told.items() if rows != first]
    return other


def _rows(answer: dict[str, Any]) -> list[str]:
    if "boolean" in answer:
        return [str(answer["boolean"])]
    return sorted(json.dumps({k: v["value"] for k, v in row.items()}, sort_keys=True) for row in answer["results"]["bindings"])


def table(results: dict[str, Any], triples: int, connections: int, differ: list[str]) -> str:
    """The measurements as Markdown."""
    peer = results.get("oxigraph serve-read-only")
    lines = ["| | processes | (a) unique small | (b) repeated mix | (c) heavy | (d) small beside eight that never end |",
             "| --- | --: | --: | --: | --: | --: |"]  # fmt: skip
    for name, told in results.items():
        cells = [_cell(told[kind], peer[kind] if peer else None) for kind in ("unique", "mix", "heavy")]
        hard = told["besieged"]
        bad = ", ".join(f"{count} {status}" for status, count in sorted(hard["statuses"].items()) if status != "200")
        last = f"{_cell(hard, None)}, worst {hard['max']:,.0f}" if "max" in hard else "no answer"
        last += (f"; {bad}" if bad else "") + f"; {hard['memory'] >> 20:,} MB" + ("; no answer 30 s afterwards" if hard["well"] == "no" else "")
        lines.append(f"| {name} | {told['processes']} | " + " | ".join(cells) + f" | {last} |")
    note = (f"Answers a second (× those of Oxigraph’s server), then p50 / p95 / p99 in ms; {connections} connections, (d) 4; "
            f"{triples:,} triples in the default graph; {os.cpu_count()} cores shared with the client, Python {platform.python_version()}. ")  # fmt: skip
    agree = "All servers gave the same answers." if not differ else f"{len(differ)} answers differed: " + "; ".join(differ[:5])
    return "\n".join([*lines, "", note + agree])


def _cell(told: dict[str, Any], peer: dict[str, Any] | None) -> str:
    if "p50" not in told:
        return "no answer"
    ratio = f" (× {told['rate'] / peer['rate']:.2f})" if peer and peer.get("rate") else ""
    return f"{told['rate']:,.0f}/s{ratio} {told['p50']:.1f} / {told['p95']:.1f} / {told['p99']:.1f}"


def main() -> None:
    """Measure all, and write the table between its marks in the README."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", type=Path, help="a workspace with a release (benchmarks/generate.py); default: built anew")
    parser.add_argument("--seconds", type=float, default=6, help="how long each load lasts at most")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", default="", help="a regular expression of the servers to measure")
    parser.add_argument("-o", "--output", type=Path, help="a file for all figures as JSON")
    parser.add_argument("--dry", action="store_true", help="print the table, leave the README as it is")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        release = ensure(Content(ROOT), given.workspace or Path(folder) / "workspace")
        store = ox.Store.read_only(str(release.folder / "store"))
        things = list(dict.fromkeys(row["thing"].value for row in store.query(loads.THINGS)))
        triples = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        found = servers(stack, release, Path(folder), given.only)
        differ = same_answers(found, things)
        results = measure(found, things, given.rounds, given.seconds, given.connections)
    if given.output:
        given.output.write_text(json.dumps(results, indent=1), "utf-8")
    text = table(results, triples, given.connections, differ)
    print(text)
    if not given.dry:
        readme = ROOT / "README.md"
        told = f"{BEGIN}\n{text}\n{END}"
        readme.write_text(re.sub(f"{BEGIN}.*?{END}", lambda _: told, readme.read_text("utf-8"), flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
