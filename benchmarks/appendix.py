"""Measures how long appendices take, warm: `python benchmarks/appendix.py [--triples 3000000 …] [--workspace DIR …]`.

For the shipped graph, for each size that is given (benchmarks/generate.py) and each folder that holds such a one, a fresh
graph is opened and everything is made once; then each kind of appendix is made --turns times, and the fastest is printed, by the clock and in processor time: the content alone
(all questions asked anew), and the whole file as Word and PDF. The last line is the aim: a Word appendix in two seconds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generate import generate

from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.release.build import current, ensure
from graphsvc.remiss import Order, appendix_of, make
from graphsvc.remiss.addresses import document_at
from graphsvc.settings import Settings

PLAN = "goteborg/plan-for-en-jamlik-stad-2019-2022"
AIM = 2000.0


def orders(document: str) -> dict[str, Order]:
    """What is made, by what the table calls it."""
    return {
        "bilagan": Order(document),
        "blad för Kulturnämnden": Order(document, body="Kulturnämnden"),
        "figur": Order(document, part="figure", view="document-structure"),
        "remissammanställning": Order(document, part="answers"),
    }


Times = tuple[float, float]


def fastest(work: Callable[[], object], turns: int) -> Times:
    """The fastest of some turns of `work` after one that does not count: by the clock and in processor time, milliseconds."""
    work()
    taken = []
    for _ in range(turns):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        taken.append(((time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000))
    return min(wall for wall, _ in taken), min(processor for _, processor in taken)


def measure(graph: Graph, turns: int) -> float:
    """Print a line for each kind of appendix; the time of the whole one for Word, by the clock."""
    whole = 0.0
    for name, order in orders(document_at(graph, PLAN)).items():
        files = {form: Order(**{**vars(order), "form": form}) for form in ("docx", "pdf")}
        taken = [fastest(lambda order=order: appendix_of(graph, order), turns)]
        taken += [fastest(lambda one=one: make(graph, one), turns) for one in files.values()]
        print(f"{name:<24}" + "".join(f"{f'{wall:.0f} ({processor:.0f})':>16}" for wall, processor in taken))
        whole = whole or taken[1][0]
    return whole


def main() -> None:
    """Measure the shipped graph and those that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--triples", type=int, nargs="*", default=[], help="further sizes to measure")
    parser.add_argument("--workspace", type=Path, nargs="*", default=[], help="further folders with a built release")
    parser.add_argument("--turns", type=int, default=5)
    given = parser.parse_args()
    settings = Settings.from_environment()
    content = Content(settings.content)
    print(f"{'ms (processortid)':<24}{'innehåll':>16}{'docx':>16}{'pdf':>16}")
    whole = measure(Graph(content, ensure(content, settings.workspace)), given.turns)
    for size in given.triples:
        with tempfile.TemporaryDirectory() as folder:
            generate(content, Path(folder), size)
            print(f"\n{size:,} tripler")
            measure(Graph(content, current(Path(folder))), given.turns)
    for folder in given.workspace:
        print(f"\n{folder}")
        measure(Graph(content, current(folder)), given.turns)
    print(f"\n{'når' if whole < AIM else 'når inte'} målet {AIM:.0f} ms för bilagan i Word")


if __name__ == "__main__":
    main()
