"""Measures how the cost of answers grows with the graph: `python benchmarks/growth.py --largest 30000000`.

For each size (benchmarks/generate.py) a fresh process opens the release and asks, first over and over about one thing, then
each time about another city's: every named question with its names, labels and passages; the description of things (linked
data); looking names up. Nothing is kept between answers. What a question asks about is its file's own example, or where a
parameter may be left out the thing of its class that has most to tell; `*` after a question's name means that the
parameters that may be left out were left out. A question that is not done in --limit seconds is ended with its process,
and the table says so.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from generate import generate
from subjects import Subject, ask, subjects

from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.linked.description import Describer
from graphsvc.release.build import current
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore

_ONE_CITY = 30_000
_MOST_SECONDS = 2.0
_TURNS = 4
_CLOCKS = ("wall", "cpu")


def serve_measurements(workspace: Path, cities: int, repeats: int) -> None:
    """The measuring process: reads subjects (JSON lines), answers with times in milliseconds, rows and its memory."""
    begun = time.perf_counter()
    graph = Graph(Content(Settings().content), current(workspace))
    graph.store.select("SELECT ?thing WHERE { ?thing a styr:Plan } LIMIT 1")
    describer = Describer(graph.store, graph.content, EmbeddedStore.create())
    print(json.dumps({"open_ms": 1000 * (time.perf_counter() - begun)}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        subject = Subject(**asked["subject"])
        try:
            answer = _measured(lambda n, s=subject: ask(graph, describer, s, n), cities, repeats, asked["turn"])
        except Exception as error:  # a question that is being edited: told, not measured
            answer = {"error": f"{type(error).__name__}: {error}"}
        answer["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        print(json.dumps(answer), flush=True)


def _measured(once: Callable[[int], int], cities: int, repeats: int, turn: int) -> dict[str, Any]:
    """One turn of the measuring: times in ms of the same thing again, and of another city's each time."""
    middle, step = cities // 2, max(1, cities // (_TURNS * repeats))
    rows = once(middle)
    again = _times(lambda _: once(middle), repeats)
    other = _times(lambda n: once((middle + 1 + (turn * repeats + n) * step) % cities), repeats)
    return {"again": again, "other": other, "rows": rows}


def _times(once: Callable[[int], int], repeats: int) -> list[tuple[float, float]]:
    """Milliseconds of each repeat: of the clock on the wall, and of the processor."""
    times: list[tuple[float, float]] = []
    begun = time.perf_counter()
    while len(times) < repeats and (time.perf_counter() - begun < _MOST_SECONDS or len(times) < 2):
        wall, cpu = time.perf_counter(), time.process_time()
        once(len(times))
        times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return times


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1) + 0.5)]


def _told(turns: list[dict[str, Any]]) -> dict[str, Any]:
    """What the turns of one subject at one size tell together."""
    failed = next((turn for turn in turns if "again" not in turn), None)
    if failed:
        return failed
    told: dict[str, Any] = {"rows": turns[0]["rows"], "n": sum(len(turn["again"]) for turn in turns)}
    for place, clock in enumerate(_CLOCKS):
        again, other = ([pair[place] for turn in turns for pair in turn[name]] for name in ("again", "other"))
        told[clock] = {"p50": statistics.median(again), "p95": _p95(again),
                       "other_p50": statistics.median(other), "other_p95": _p95(other)}  # fmt: skip
    return told


class Measurer:
    """A measuring process that is ended and replaced when an answer takes too long."""

    def __init__(self, workspace: Path, cities: int, repeats: int, limit: float) -> None:
        self._arguments = [sys.executable, __file__, "--measure", str(workspace), str(cities), str(repeats)]
        self._limit = limit
        self.open_ms = 0.0
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(self._arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.open_ms = json.loads(self._process.stdout.readline())["open_ms"]  # type: ignore[union-attr]

    def measure(self, subject: Subject, turn: int) -> dict[str, Any]:
        """One turn's measurements of one subject, or {"over": the limit}."""
        import select

        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"subject": subject.__dict__, "turn": turn}) + "\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], self._limit)
        line = self._process.stdout.readline() if ready else ""
        if line:
            return dict(json.loads(line))
        self._process.kill()
        self._process.wait()
        self._start()
        return {"over": self._limit}

    def end(self) -> None:
        """End the process."""
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait()


def sizes(largest: int) -> Iterator[int]:
    """30 thousand and ten times as much, again and again, up to `largest`."""
    size = _ONE_CITY
    while size <= largest:
        yield size
        size *= 10


def grow(folder: Path, wanted: list[int], repeats: int, limit: float, only: str) -> dict[str, Any]:
    """Generate what is not there, measure every subject at every size, and give all of it.

    The sizes take turns at each subject, so that whatever else the machine does meets all of them alike.
    """
    content = Content(Settings().content)
    facts = {str(size): _generated(content, folder / str(size), size) for size in wanted}
    measurers = {
        size: Measurer(folder / size, int(told["cities"]), max(1, repeats // _TURNS), limit) for size, told in facts.items()
    }
    measured: dict[str, Any] = {"sizes": {}, "subjects": {}}
    memory = dict.fromkeys(facts, 0)
    for subject in subjects(Graph(content, current(folder / str(_ONE_CITY)))):
        if not re.search(only, subject.name):
            continue
        turns: dict[str, list[dict[str, Any]]] = {size: [] for size in facts}
        for turn in range(_TURNS):
            for size, measurer in measurers.items():
                if not turns[size] or "again" in turns[size][-1]:
                    turns[size].append(measurer.measure(subject, turn))
                    memory[size] = max(memory[size], turns[size][-1].pop("memory", 0))
        told = measured["subjects"][subject.title] = {size: _told(found) for size, found in turns.items()}
        print(subject.title, *(_cell(answer, "cpu") for answer in told.values()), sep=" | ", file=sys.stderr, flush=True)
    for size, measurer in measurers.items():
        measured["sizes"][size] = {**facts[size], "open_ms": measurer.open_ms, "memory": memory[size]}
        measurer.end()
    return measured


def _generated(content: Content, workspace: Path, size: int) -> dict[str, Any]:
    """What the graph in `workspace` holds and took, once there is one of about `size` triples."""
    told = workspace / "generated.json"
    if not told.is_file():
        told.write_text(json.dumps(generate(content, workspace, size)), "utf-8")
    return dict(json.loads(told.read_text("utf-8")))


def table(measured: dict[str, Any], clock: str) -> str:
    """The measurements as Markdown: what holds for all, and a line for each subject."""
    sizes_told = list(measured["sizes"])
    head = [f"{int(size):,}" for size in sizes_told]
    lines = ["| graph (triples) | " + " | ".join(head) + " |", "| --- |" + " --: |" * len(head)]
    for label, told in _FACTS.items():
        lines.append(f"| {label} | " + " | ".join(told(measured["sizes"][size]) for size in sizes_told) + " |")
    told = {"wall": "", "cpu": " of processor time"}[clock]
    lines += ["", f"p50 / p95 in ms{told}; p95 when each question is about another city; (rows)", ""]
    lines += ["| asked | " + " | ".join(head) + " | p95 grew |", "| --- |" + " --: |" * (len(head) + 1)]
    for name, answers in measured["subjects"].items():
        cells = [_cell(answers.get(size, {}), clock) for size in sizes_told]
        first, last = (answers.get(size, {}).get(clock, {}).get("p95") for size in (sizes_told[0], sizes_told[-1]))
        lines.append(f"| {name} | " + " | ".join(cells) + f" | {f'× {last / first:.1f}' if first and last else ''} |")
    return "\n".join(lines)


def _cell(answer: dict[str, Any], clock: str = "wall") -> str:
    if "over" in answer:
        return f"over {1000 * answer['over']:.0f}"
    told = answer.get(clock)
    return f"{told['p50']:.1f} / {told['p95']:.1f}; {told['other_p95']:.1f} ({answer['rows']})" if told else "–"


_FACTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "cities": lambda told: f"{told['cities']:,}",
    "quads in all graphs": lambda told: f"{told['quads']:,}",
    "on disk, MB": lambda told: f"{told['bytes'] / 1e6:,.0f}",
    "loading, s": lambda told: f"{told['load_s'] + told['optimize_s']:,.0f}",
    "opening, ms": lambda told: f"{told['open_ms']:.0f}",
    "memory of a reader, MB": lambda told: f"{told['memory'] / 1e6:,.0f}",
}


def main() -> None:
    """Measure, print the table, and keep the figures as JSON."""
    if sys.argv[1:2] == ["--measure"]:
        serve_measurements(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=3_000_000, help="the largest graph, in triples")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "styrgraf-growth")
    parser.add_argument("--ends", action="store_true", help="only the smallest and the largest graph")
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--limit", type=float, default=30, help="seconds for all repeats of one question")
    parser.add_argument("--only", default="", help="a regular expression of what to measure")
    parser.add_argument("--clock", choices=_CLOCKS, default="wall", help="cpu where the machine has other work to do")
    parser.add_argument("-o", "--output", type=Path, help="a file for all figures as JSON")
    given = parser.parse_args()
    wanted = list(sizes(given.largest))
    measured = grow(
        given.folder, wanted[:: max(1, len(wanted) - 1)] if given.ends else wanted, given.repeats, given.limit, given.only
    )
    if given.output:
        given.output.write_text(json.dumps(measured, indent=1), "utf-8")
    print(table(measured, given.clock))


if __name__ == "__main__":
    main()
