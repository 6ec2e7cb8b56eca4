"""How long the exploring pages take at the server and how heavy they are, on the shipped data: p95 warm, and unkept.

Warm is what readers meet: the whole service in-process, as it is served. Unkept is the work of making and writing the
page again, with what a release keeps (labels, pictures, duties) kept.

    python benchmarks/explorer_pages.py [ROUNDS]
"""

from __future__ import annotations

import logging
import sys
import time
from statistics import median

from starlette.testclient import TestClient

from graphsvc import markup
from graphsvc.graph import open_graph
from graphsvc.pages.frame import Page, Visit
from graphsvc.settings import Settings
from graphsvc.web.app import create_app
from graphsvc.web.pages import MODULES

PLAN = "id:goteborg/document/plan-for-en-jamlik-stad-2019-2022"
PROGRAMME = "id:goteborg/document/program-for-en-jamlik-stad-2018-2026"
BUILDING = "id:goteborg/actor/byggnadsnamnden"
PAGES: list[tuple[str, dict[str, str]]] = [
    ("/luckor", {}),
    ("/luckor", {"document": PLAN}),
    ("/matris", {"document": PLAN}),
    ("/matris", {"document": PLAN, "groups": "yes"}),
    ("/kedja", {"fran": "framtiden", "till": PROGRAMME}),
    ("/kedja", {"om": BUILDING}),
    ("/kedja", {"om": PLAN}),
    ("/kedja", {"om": PLAN, "del": "down"}),
    ("/bilder", {}),
    ("/bild/actor-surroundings", {"about": BUILDING}),
    ("/bild/document-responsibilities", {"about": PLAN}),
    ("/jamfor", {"a": BUILDING, "b": "framtiden"}),
    ("/jamfor", {"document": PLAN}),
]


def main(rounds: int) -> None:
    """Print a line for each page: p50 and p95 in milliseconds, warm and unkept, and its weight."""
    logging.disable(logging.CRITICAL)
    settings = Settings()
    graph = open_graph(settings)
    makers = {path: make for module in MODULES for path, make in module.PAGES.items()}
    print(f"{'page':<66} {'warm p50':>9} {'p95':>7} {'unkept p50':>11} {'p95':>7} {'kB':>6}")
    with TestClient(create_app(graph, settings)) as client:
        for path, query in PAGES:
            weight = len(client.get(path, params=query).content)
            warm = _times(rounds, lambda path=path, query=query: client.get(path, params=query))
            visit = _visit(graph, path, query)
            make = makers["/bild/{view}" if path.startswith("/bild/") else path]
            unkept = _times(rounds, lambda make=make, visit=visit: _rendered(make(visit)))
            name = " ".join([path, *(f"{key}={value.rpartition('/')[2]}" for key, value in query.items())])
            print(
                f"{name:<66} {median(warm):9.1f} {_p95(warm):7.1f} {median(unkept):11.1f} {_p95(unkept):7.1f} {weight / 1000:6.1f}"
            )


def _visit(graph: object, path: str, query: dict[str, str]) -> Visit:
    parts = {"view": path.rsplit("/", 1)[-1]} if path.startswith("/bild/") else {}
    return Visit(graph, "sv", path, parts, query, "http://127.0.0.1:8000/")  # type: ignore[arg-type]


def _rendered(page: object) -> str:
    assert isinstance(page, Page)
    return markup.render(page.template, page.frame.language, frame=page.frame, **page.values)


def _times(rounds: int, act: object) -> list[float]:
    assert callable(act)
    act()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        found.append((time.perf_counter() - start) * 1000)
    return found


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
