"""How asking does: the share of right readings by kind of sentence, made-up answers, and the time that a question takes.

`python benchmarks/ask.py [--workspace DIR] [--wrong] [--files NAME …]` asks every sentence of tests/ask/ of the shipped data
(or of the release in a workspace); `--wrong` shows what was read otherwise.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from graphsvc.ask import Asked, ask
from graphsvc.graph import Graph, open_graph
from graphsvc.settings import Settings

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from asked_sentences import entries, is_right

REFUSALS = {"tuned": "refuse", "further": "further-refuse", "held-out": "held-out-refuse"}


@dataclass
class Timed:
    """Asking, with how long each question took (milliseconds, by the clock and of the processor)."""

    graph: Graph
    times: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)

    def ask(self, sentence: str) -> Asked:
        """The answer to `sentence`."""
        began, worked = time.perf_counter(), time.process_time()
        asked = ask(self.graph, sentence)
        self.times.append((time.perf_counter() - began) * 1000)
        self.busy.append((time.process_time() - worked) * 1000)
        return asked


def told(asked: Asked) -> str:
    """What was read."""
    read = asked.understood
    things = {name: thing.iri or thing.label for name, thing in read.parameters.items()} if read else {}
    return f"{asked.status} {read and (round(read.confidence, 2), read.id)} {things}"


def print_readings(timed: Timed, name: str, wrong: bool) -> None:
    """How many of the file's sentences are read right, by kind; those that are not, if `wrong`."""
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for entry in entries(name):
        asked = timed.ask(entry["q"])
        by_kind[entry["kind"]].append(is_right(asked, entry))
        if wrong and not by_kind[entry["kind"]][-1]:
            print(f"  {entry['kind']}: {entry['q']}\n      {entry['id']} {entry.get('params')}\n      {told(asked)}")
    total = [right for kind in by_kind.values() for right in kind]
    print(f"{name}: {sum(total)} of {len(total)} right ({sum(total) / len(total):.1%})")
    print("  " + ", ".join(f"{kind} {sum(right)}/{len(right)}" for kind, right in sorted(by_kind.items())))


def print_refusals(timed: Timed, name: str, wrong: bool) -> None:
    """How many of the file's sentences are not refused as they should be, and which, if `wrong`."""
    answers = [(entry, timed.ask(entry["q"])) for entry in entries(name)]
    unrefused = [(entry, asked) for entry, asked in answers if asked.status not in entry["status"]]
    print(f"{name}: {len(unrefused)} of {len(answers)} not refused as they should be")
    for entry, asked in unrefused if wrong else ():
        print(f"  {entry['q']} {entry['status']} → {told(asked)}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--files", nargs="*", default=list(REFUSALS))
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    timed = Timed(open_graph(replace(settings, workspace=arguments.workspace) if arguments.workspace else settings))
    ask(timed.graph, "Vilka aktiviteter berör Framtiden?")
    for name in arguments.files:
        print_readings(timed, name, arguments.wrong)
    for name in arguments.files:
        print_refusals(timed, REFUSALS[name], arguments.wrong)
    for what, measured in (("time", sorted(timed.times)), ("processor time", sorted(timed.busy))):
        p50, p95 = statistics.median(measured), measured[int(len(measured) * 0.95)]
        print(f"{len(measured)} questions, {what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, most {measured[-1]:.0f} ms")


if __name__ == "__main__":
    main()
