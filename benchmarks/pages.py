"""Measures what readers are sent: `python benchmarks/pages.py [--workspace DIR] [--turns N]`.

Pages, chains, pictures, asking and searching, each by its address through the whole service in this process, with no answer kept
from turn to turn: only what is kept for a whole release. Each is told by how long it takes the first time, by its median and p95
(in milliseconds of processor time, and as the clock goes), and by how heavy it is. Without a workspace it is the shipped data;
benchmarks/generate.py makes larger ones.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from starlette.testclient import TestClient

from graphsvc.content import Content
from graphsvc.graph import Graph, open_graph
from graphsvc.release.build import current
from graphsvc.settings import Settings
from graphsvc.web.app import create_app

PLAN_PAGE = "/dokument/goteborg/plan-for-en-jamlik-stad-2019-2022"
PLAN = "id:goteborg/document/plan-for-en-jamlik-stad-2019-2022"
PROGRAMME = "id:goteborg/document/program-for-en-jamlik-stad-2018-2026"
BUILDING, FRAMTIDEN = "id:goteborg/actor/byggnadsnamnden", "id:goteborg/actor/forvaltnings-ab-framtiden"
ADDRESSES = [
    "/",
    "/fragor",
    "/fragor/activities-involving-actor",
    "/fragor/activities-involving-actor?actor=framtiden",
    f"/fragor/consulted-and-affected?document={PLAN}",
    "/aktor/goteborg/byggnadsnamnden",
    "/aktor/goteborg/forvaltnings-ab-framtiden",
    "/aktor/sverige/polisen",
    PLAN_PAGE,
    f"{PLAN_PAGE}/skolan-som-arena",
    "/dokument/goteborg/program-for-en-jamlik-stad-2018-2026/delaktighet-inflytande-och-tillit",
    "/dokument/goteborg/organisationssida-jamlikt-goteborg/forutsattningar-for-arbete",
    "/kalla/goteborg/artikel-jamlikt-goteborg-2018",
    "/aktorer",
    "/aktorer?q=nämnd",
    "/dokument",
    "/aktiviteter",
    "/kallor",
    "/luckor",
    f"/luckor?document={PLAN}",
    f"/matris?document={PLAN}",
    f"/matris?document={PLAN}&groups=yes",
    f"/kedja?fran={FRAMTIDEN}&till={PROGRAMME}",
    f"/kedja?om={BUILDING}",
    f"/kedja?om={PLAN}",
    f"/kedja?om={PLAN}&del=down",
    "/kedja?om=id:sverige/actor/polisen",
    "/bilder",
    f"/bild/actor-surroundings?about={BUILDING}",
    f"/bild/document-responsibilities?about={PLAN}",
    f"/jamfor?a={BUILDING}&b={FRAMTIDEN}",
    f"/jamfor?document={PLAN}",
    "/sparql",
    "/fraga?q=Vilka aktiviteter berör Framtiden?",
    "/api/ask?q=Vilka aktiviteter berör Framtiden?",
    "/api/search?q=bygnadsnämnd",
]


def measured(client: TestClient, address: str) -> tuple[float, float, int]:
    """How long an answer takes, in milliseconds of processor time and as the clock goes, and its size in bytes.

    One that says that a name has several meanings, as in many cities, is an answer too.
    """
    work, clock = time.process_time(), time.perf_counter()
    answer = client.get(address, headers={"Accept": "text/html"})
    took = 1000 * (time.process_time() - work), 1000 * (time.perf_counter() - clock)
    assert answer.status_code in (200, 400), (address, answer.status_code)
    return *took, len(answer.content)


def main() -> None:
    """Print a line for each address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, help="a workspace that benchmarks/generate.py made")
    parser.add_argument("--turns", type=int, default=20)
    given = parser.parse_args()
    settings = replace(Settings.from_environment(), cache_bytes=0, rate_limit=0, access_log="")
    graph = Graph(Content(settings.content), current(given.workspace)) if given.workspace else open_graph(settings)
    with TestClient(create_app(graph, settings)) as client:
        print(f"{'':90} {'first':>7} {'cpu p50':>7} {'cpu p95':>7} {'p50':>7} {'p95':>7} {'kB':>7}")
        for address in ADDRESSES:
            _, first, weight = measured(client, address)
            gc.collect()
            gc.freeze()  # as the server does when it starts
            work, clock, _ = zip(*(measured(client, address) for _ in range(given.turns)), strict=True)
            told = first, *(quantile for times in (work, clock) for quantile in _quantiles(times)), weight / 1000
            print(f"{address:90}", *(f"{value:7.1f}" for value in told), flush=True)


def _quantiles(times: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return median(times), sorted(times)[int(0.95 * len(times))]


if __name__ == "__main__":
    main()
