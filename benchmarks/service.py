"""Measures this service beside others, on the same data, queries and machine: `python benchmarks/service.py`.

Starts, on loopback ports, `graphsvc serve`, `oxigraph serve-read-only` (over the very same store), `rdflib-endpoint` and
Virtuoso where its binary is found; checks that they answer alike; sends each the loads of benchmarks/loads.py from a
client process (Debian's `wrk` where it is installed, otherwise benchmarks/client.py), server after server in each round; and
prints a table: (a) small queries, no two alike, (b) a repeated mix, (c) heavy ones, (d) small ones while eight that never end
run.
The peers: `pip install -e '.[benchmark]'`; Debian's `virtuoso-server`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import loads
import pyoxigraph as ox
from servers import ROOT, Server, servers

from graphsvc.content import Content
from graphsvc.release.build import ensure


def send(server: Server, queries: list[str], connections: int, seconds: float, timeout: float = 30) -> subprocess.Popen[str]:
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


def sent(server: Server, queries: list[str], connections: int, seconds: float, again: bool) -> dict[str, Any]:
    """The outcome of `queries`, and the processor time of the server for each answer in µs.

    They are sent by wrk where it is found, over and `again` or once.
    """
    before = server.cpu()
    if WRK:
        with tempfile.NamedTemporaryFile(suffix=".requests") as file:
            for request in (server.request(query).encode() for query in queries):
                file.write(b"%d\n%b" % (len(request), request))
            file.flush()
            command = [WRK, "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "30s", "-s",
                       str(Path(__file__).with_name("wrk.lua")), f"http://127.0.0.1:{server.port}/", "--", file.name, "again" if again else "once"]  # fmt: skip
            told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
        bad = {"refused": told["refused"], "broken": told["broken"]}
        found = told | {"rate": told["answered"] / told["seconds"], "statuses": {k: n for k, n in bad.items() if n}}
        number = told["answered"]
    else:
        found = outcome(send(server, queries * 10 if again else queries, connections, seconds))
        number = found["statuses"].get("200", 0)
    return found | {"cpu": 1e6 * (server.cpu() - before) / max(number, 1)}


WRK = shutil.which("wrk")
PEER = "oxigraph serve-read-only"
_MOST_A_SECOND = {"unique": 8_000, "mix": 4_000, "heavy": 400}
_SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99, "max": 1.0}


def measure(found: list[Server], things: list[str], rounds: int, seconds: float, connections: int) -> dict[str, Any]:
    """All loads on all servers: of the rounds of (a) to (c) the middle one, then (d)."""
    results: dict[str, Any] = {s.name: {"processes": len(s.family()), "memory": s.memory()} for s in found}
    kinds: dict[str, Callable[[int], Iterator[str]]] = {
        "unique": lambda seed: loads.unique(things, seed),
        "mix": lambda seed: loads.mix(things, seed),
        "heavy": loads.heavy,
    }
    parts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number in range(rounds):
        for kind, make in kinds.items():
            for server in found:
                most = int(seconds * _MOST_A_SECOND[kind])
                if kind == "unique":  # no query twice, in no round
                    queries = list(islice(make(0), number * most, (number + 1) * most))
                else:
                    queries = list(islice(make(number), most))
                parts.setdefault((server.name, kind), []).append(sent(server, queries, connections, seconds, kind == "mix"))
    for (name, kind), outcomes in parts.items():
        results[name][kind] = sorted(outcomes, key=lambda o: o["rate"])[len(outcomes) // 2]
    for (name, kind), outcomes in parts.items():
        others = parts.get((PEER, kind))
        if others:  # of each round by itself, since the machine may be busy in one and idle in the next
            ratios = [one["rate"] / other["rate"] for one, other in zip(outcomes, others, strict=True) if other["rate"]]
            results[name][kind]["ratio"] = statistics.median(ratios)
    for server in found:
        results[server.name]["besieged"] = besieged(server, things, seconds)
    return results


def besieged(server: Server, things: list[str], seconds: float) -> dict[str, Any]:
    """Small queries on four connections while eight that never end run; how many processes and how much memory after."""
    attackers = [send(server, [query] * 200, 1, 3 * seconds + 2, timeout=60) for query in loads.PATHOLOGICAL]
    time.sleep(2)
    queries = [query + " # beside heavy ones" for query in islice(loads.unique(things, 99), 60_000)]
    light = outcome(send(server, queries, 4, 3 * seconds, timeout=10))
    peak = server.memory()
    for attacker in attackers:
        attacker.kill()
        attacker.wait()
    time.sleep(10)
    try:
        server.ask(queries[-1], timeout=20)
        well = "yes"
    except (OSError, ValueError):
        well = "no"
    return {**light, "memory": peak, "well": well, "processes": len(server.family())}


def same_answers(found: list[Server], things: list[str]) -> list[str]:
    """Queries to which a server answers otherwise than the first one; empty if all agree."""
    queries = [*islice(loads.unique(things, 5), 60), *sorted(set(islice(loads.mix(things, 5), 400)))]
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
    rows = ({name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"])
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def table(results: dict[str, Any], triples: int, connections: int, differ: list[str]) -> str:
    """The measurements as Markdown."""
    lines = ["| | processes | (a) unique small | (b) repeated mix | (c) heavy | (d) small beside eight that never end |",
             "| --- | --: | --: | --: | --: | --: |"]  # fmt: skip
    for name, told in results.items():
        cells = [_cell(told[kind]) for kind in ("unique", "mix", "heavy") if kind in told]
        lines.append(f"| {name} | {told['processes']} | {' | '.join(cells)} | {_besieged_cell(told['besieged'])} |")
    note = (
        f"Answers a second (× those of Oxigraph’s server, the median of the rounds), p50 / p95 / p99 in ms, and the server’s "
        f"processor time for an answer; {connections} connections by {'wrk' if WRK else 'a client in Python'}, (d) 4; "
        f"{triples:,} triples in the default graph; {os.cpu_count()} cores, shared with the client; "
        f"Python {platform.python_version()}. "
    )
    agree = "All gave the same answers." if not differ else f"{len(differ)} answers differed: {'; '.join(differ[:5])}"
    return "\n".join([*lines, "", note + agree])


def _besieged_cell(hard: dict[str, Any]) -> str:
    bad = "".join(f"; {count} {status}" for status, count in sorted(hard["statuses"].items()) if status != "200")
    answered = f"{_cell(hard)}, worst {hard['max']:,.0f}" if "max" in hard else "no answer"
    after = "; no answer 30 s afterwards" if hard["well"] == "no" else ""
    return f"{answered}{bad}; {hard['memory'] >> 20:,} MB{after}"


def _cell(told: dict[str, Any]) -> str:
    if "p50" not in told:
        return "no answer"
    ratio = f" (× {told['ratio']:.2f})" if "ratio" in told else ""
    cpu = f"; {told['cpu']:,.0f} µs" if "cpu" in told else ""
    return f"{told['rate']:,.0f}/s{ratio} {told['p50']:.1f} / {told['p95']:.1f} / {told['p99']:.1f}{cpu}"


def main() -> None:
    """Measure all, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workspace", type=Path, help="a workspace with a release; built anew without")
    parser.add_argument("--seconds", type=float, default=6, help="how long each load lasts at most")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", default="", help="a regular expression of the servers to measure")
    parser.add_argument("-o", "--output", type=Path, help="a file for all figures as JSON")
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
    print(table(results, triples, given.connections, differ))


if __name__ == "__main__":
    main()
