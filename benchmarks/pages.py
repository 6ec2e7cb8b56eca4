"""Measures pages, chains, asking and searching in a release: `python benchmarks/pages.py --workspace DIR`.

Without a workspace it is the shipped data; benchmarks/generate.py makes larger ones. Each is made anew seven times, with nothing
kept but what is kept for a whole release, and told as the median and the most, in milliseconds of processor time.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from graphsvc import markup
from graphsvc.ask import ask
from graphsvc.chains import between, responsibility
from graphsvc.content import Content
from graphsvc.graph import Graph, open_graph
from graphsvc.namespaces import PREFIXES
from graphsvc.pages import lists, start, things
from graphsvc.pages.frame import Maker, Moved, Visit
from graphsvc.release.build import current
from graphsvc.settings import Settings

_TURNS = 7
_PLAN = "/dokument/goteborg/plan-for-en-jamlik-stad-2019-2022"
_PAGES: dict[str, Maker] = {
    "/": start.start,
    "/aktor/goteborg/byggnadsnamnden": things.thing,
    "/aktor/goteborg/forvaltnings-ab-framtiden": things.thing,
    "/aktor/sverige/polisen": things.thing,
    _PLAN: things.thing,
    f"{_PLAN}/skolan-som-arena": things.thing,
    "/kalla/goteborg/artikel-jamlikt-goteborg-2018": things.thing,
    "/aktorer": lists.PAGES["/aktorer"],
}


def tasks(graph: Graph) -> dict[str, Callable[[], object]]:
    """What is measured, by what the table calls it."""
    home = PREFIXES["id"] + "goteborg/"
    framtiden, builders = home + "actor/forvaltnings-ab-framtiden", home + "actor/byggnadsnamnden"
    programme = home + "document/program-for-en-jamlik-stad-2018-2026"
    made: dict[str, Callable[[], object]] = {path: lambda p=path, m=make: page(graph, p, m) for path, make in _PAGES.items()}
    return made | {
        "chain: Framtiden to the programme": lambda: between(graph, framtiden, programme, "sv"),
        "chain of responsibility: Byggnadsnämnden": lambda: responsibility(graph, builders, "sv"),
        "ask: Vilka aktiviteter berör Framtiden?": lambda: ask(graph, "Vilka aktiviteter berör Framtiden?"),
        "search: bygnadsnämnd": lambda: graph.names.search("bygnadsnämnd"),
    }


def page(graph: Graph, path: str, make: Maker) -> int:
    """The length of the page at `path`, made and rendered."""
    made = make(Visit(graph, "sv", path))
    assert not isinstance(made, Moved)
    return len(markup.render(made.template, "sv", frame=made.frame, **made.values))


def measured(once: Callable[[], object]) -> tuple[float, float]:
    """The median and the most of some turns, in milliseconds of processor time."""
    once()
    times = []
    for _ in range(_TURNS):
        begun = time.process_time()
        once()
        times.append(1000 * (time.process_time() - begun))
    return statistics.median(times), max(times)


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, help="a workspace that benchmarks/generate.py made")
    workspace = parser.parse_args().workspace
    settings = Settings.from_environment()
    graph = Graph(Content(settings.content), current(workspace)) if workspace else open_graph(settings)
    for name, once in tasks(graph).items():
        median, most = measured(once)
        print(f"{name:62} median {median:7.1f} ms, most {most:7.1f} ms", flush=True)


if __name__ == "__main__":
    main()
