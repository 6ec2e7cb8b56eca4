"""Measures how long a picture takes: `python benchmarks/diagrams.py`, every view of what it shows most of, warm.

For each view it draws every thing that the view fits in the shipped data, takes the largest (most boxes), and draws that over
and over. `draw` is the whole picture, all sheets as SVG, with its description and table; `query` the part of it that the store
takes; PNG and PDF are of the first sheet. Times are the median of the processor's and, where the machine is busy, say more
than those of the clock, which stand beside.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from graphsvc.diagrams import Picture, Views, draw
from graphsvc.errors import NothingToShow
from graphsvc.graph import Graph, open_graph
from graphsvc.labels import bind
from graphsvc.questions.names import choices
from graphsvc.settings import Settings
from graphsvc.terms import Iri


def main() -> None:
    """Print a table of the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--times", type=int, default=15)
    given = parser.parse_args()
    settings = Settings.from_environment()
    graph = open_graph(Settings(workspace=given.workspace) if given.workspace else settings)
    print(
        "| view | sheets | boxes | query ms | draw ms (clock) | PNG ms | PDF ms |\n| --- | --: | --: | --: | --: | --: | --: |"
    )
    for view in Views(graph.content):
        about, picture = _largest(graph, view.id)
        query = bind(view.query, {"about": [Iri(about)]})
        asked, _ = _median(lambda query=query: graph.store.construct(query), given.times)  # type: ignore[misc]
        drawn, clock = _median(lambda view=view, about=about: draw(graph, view.id, about), given.times)  # type: ignore[misc]
        png, _ = _median(lambda picture=picture: picture.render("png"), 3)  # type: ignore[misc]
        pdf, _ = _median(lambda picture=picture: picture.render("pdf"), 3)  # type: ignore[misc]
        told = f"{asked:.0f} | {drawn:.0f} ({clock:.0f}) | {png:.0f} | {pdf:.0f}"
        print(f"| {view.id} | {len(picture.sheets)} | {_boxes(picture)} | {told} |")


def _largest(graph: Graph, view: str) -> tuple[str, Picture]:
    found: list[tuple[int, str, Picture]] = []
    for iri, _ in choices(graph.store, graph.content, Views(graph.content)[view].about, "sv"):
        try:
            picture = draw(graph, view, iri)
        except NothingToShow:
            continue
        found.append((_boxes(picture), iri, picture))
    return max(found, key=lambda one: (one[0], one[1]))[1:]


def _boxes(picture: Picture) -> int:
    return sum(len(sheet.drawing.layout.boxes) for sheet in picture.sheets)


def _median(work: Callable[[], object], times: int) -> tuple[float, float]:
    """The median milliseconds of the processor (this process and those it started) and of the clock."""
    processor, clock = [], []
    for _ in range(times):
        before, began = _spent(), time.perf_counter()
        work()
        clock.append((time.perf_counter() - began) * 1000)
        processor.append((_spent() - before) * 1000)
    return statistics.median(processor), statistics.median(clock)


def _spent() -> float:
    import resource

    return sum(resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))  # fmt: skip


if __name__ == "__main__":
    main()
