"""Measures what readers are sent: `python benchmarks/pages.py [--workspace DIR] [--turns N]`.

Pages, chains, pictures, asking and searching, each by its address through the whole service in this process, with no answer kept
from turn to turn: only what is kept for a whole release. Each is told as the median and the most, in milliseconds of processor
time, and how heavy it is. Without a workspace it is the shipped data; benchmarks/generate.py makes larger ones.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
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
    "/aktor/goteborg/byggnadsnamnden",
    "/aktor/goteborg/forvaltnings-ab-framtiden",
    "/aktor/sverige/polisen",
    PLAN_PAGE,
    f"{PLAN_PAGE}/skolan-som-arena",
    "/kalla/goteborg/artikel-jamlikt-goteborg-2018",
    "/aktorer",
    "/luckor",
    f"/luckor?document={PLAN}",
    f"/matris?document={PLAN}",
    f"/matris?document={PLAN}&groups=yes",
    f"/kedja?fran={FRAMTIDEN}&till={PROGRAMME}",
    f"/kedja?om={BUILDING}",
    f"/kedja?om={PLAN}",
    f"/kedja?om={PLAN}&del=down",
    "/bilder",
    f"/bild/actor-surroundings?about={BUILDING}",
    f"/bild/document-responsibilities?about={PLAN}",
    f"/jamfor?a={BUILDING}&b={FRAMTIDEN}",
    f"/jamfor?document={PLAN}",
    "/api/ask?q=Vilka aktiviteter berör Framtiden?",
    "/api/search?q=bygnadsnämnd",
]


def measured(get: Callable[[], object], turns: int) -> list[float]:
    """How long each turn takes, in milliseconds of processor time."""
    times = []
    for _ in range(turns):
        begun = time.process_time()
        get()
        times.append(1000 * (time.process_time() - begun))
    return times


def main() -> None:
    """Print a line for each address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, help="a workspace that benchmarks/generate.py made")
    parser.add_argument("--turns", type=int, default=7)
    given = parser.parse_args()
    settings = replace(Settings.from_environment(), cache_bytes=0, rate_limit=0, access_log="")
    graph = Graph(Content(settings.content), current(given.workspace)) if given.workspace else open_graph(settings)
    with TestClient(create_app(graph, settings)) as client:
        for address in ADDRESSES:
            weight = len(client.get(address).raise_for_status().content)
            times = measured(lambda address=address: client.get(address), given.turns)
            print(
                f"{address:90} median {median(times):7.1f} ms, most {max(times):7.1f} ms, {weight / 1000:6.1f} kB",
                flush=True,
            )


if __name__ == "__main__":
    main()
