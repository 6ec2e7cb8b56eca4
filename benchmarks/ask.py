"""How asking does: the share of right readings by kind of phrasing, made-up answers, and the time that a question takes.

`python benchmarks/ask.py [--workspace DIR] [--wrong] [--folds N]` runs every phrasing of tests/ask/ on the shipped data (or
on the release in a workspace); `--wrong` shows what was read otherwise; `--folds` asks each part of a file without the
questions' own phrasings that say the same, as if nobody had written them.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from graphsvc.ask import Asked, ask
from graphsvc.ask.lexicon import FOREIGN
from graphsvc.ask.model import Model
from graphsvc.ask.prepared import prepared
from graphsvc.ask.reading import readings
from graphsvc.ask.sentence import cleaned, read
from graphsvc.graph import Graph, open_graph
from graphsvc.namespaces import PREFIXES
from graphsvc.settings import Settings

FOLDER = Path(__file__).parent.parent / "tests" / "ask"
REFUSALS = {"tuned": "refuse", "further": "further-refuse", "held-out": "held-out-refuse"}


def is_right(asked: Asked, entry: dict[str, Any]) -> bool:
    """Whether the top reading is one of the entry's, with every parameter that it lists."""
    read = asked.understood
    if read is None or read.id not in entry["id"]:
        return False
    for name, expected in entry.get("params", {}).items():
        value = read.parameters.get(name)
        if value is None:
            return False
        said = value.iri.removeprefix(PREFIXES["id"]) if value.iri else value.label
        if said != str(expected) and not (value.iri is None and said.startswith(str(expected))):
            return False
    return True


def without_own(graph: Graph, entries: list[dict[str, Any]]) -> Model:
    """The model without the phrasings that say what one of `entries` says, of the question that it asks."""
    asking = prepared(graph)
    model, naming = asking.model, asking.naming("sv")
    own = set()
    for entry in entries:
        sentence = read(cleaned(entry["q"]), model.lexicon, "sv")
        sentence = replace(sentence, mentions=naming.mentions(sentence))
        for reading in readings(sentence, model, naming):
            said = frozenset(c for piece in reading.rest for c in piece.meaning.concepts if not c.startswith(FOREIGN))
            own.add((reading.question.id, said) if reading.question.id in entry["id"] else None)
    return Model(model.lexicon, model.questions, tuple(p for p in model.phrasings if (p.question, p.concepts) not in own))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--files", nargs="*", default=["tuned", "further", "held-out"])
    parser.add_argument("--folds", type=int, default=0)
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    graph = open_graph(replace(settings, workspace=arguments.workspace) if arguments.workspace else settings)
    ask(graph, "Vilka aktiviteter berör Framtiden?")
    times: list[float] = []
    busy: list[float] = []

    def timed(sentence: str) -> Asked:
        began, worked = time.perf_counter(), time.process_time()
        asked = ask(graph, sentence)
        times.append((time.perf_counter() - began) * 1000)
        busy.append((time.process_time() - worked) * 1000)
        return asked

    for name in arguments.files:
        path = FOLDER / f"{name}.yaml"
        if path.exists():
            by_kind: dict[str, list[bool]] = defaultdict(list)
            entries = yaml.safe_load(path.read_text("utf-8"))
            whole = prepared(graph).model
            parts = [entries[start :: arguments.folds] for start in range(arguments.folds)]
            models = [without_own(graph, part) for part in parts] or [whole]
            for number, entry in enumerate(entries):
                prepared(graph).model = models[number % len(models)]
                asked = timed(entry["q"])
                right = is_right(asked, entry)
                by_kind[entry["kind"]].append(right)
                if not right and arguments.wrong:
                    read = asked.understood
                    told = read and (
                        round(read.confidence, 2),
                        read.id,
                        {k: v.iri or v.label for k, v in read.parameters.items()},
                    )
                    print(
                        f"  {entry['kind']}: {entry['q']}\n      {entry['id']} {entry.get('params')}\n      {asked.status} {told}"
                    )
            prepared(graph).model = whole
            total = [right for kind in by_kind.values() for right in kind]
            print(f"{name}: {sum(total)} of {len(total)} right ({sum(total) / len(total):.1%})")
            print("  " + ", ".join(f"{kind} {sum(v)}/{len(v)}" for kind, v in sorted(by_kind.items())))
    for name in [REFUSALS[name] for name in arguments.files if name in REFUSALS]:
        path = FOLDER / f"{name}.yaml"
        if path.exists():
            entries = yaml.safe_load(path.read_text("utf-8"))
            wrong = [(entry, asked) for entry in entries if (asked := timed(entry["q"])).status not in entry["status"]]
            print(f"{name}: {len(wrong)} of {len(entries)} not refused as they should be")
            for entry, asked in wrong if arguments.wrong else ():
                print(
                    f"  {entry['q']} {entry['status']} → {asked.status} {asked.understood and asked.understood.id} {asked.text[:100]}"
                )
    for what, measured in (("time", sorted(times)), ("processor time", sorted(busy))):
        p95 = measured[int(len(measured) * 0.95)]
        print(
            f"{len(measured)} questions, {what}: p50 {statistics.median(measured):.1f} ms, p95 {p95:.1f} ms, most {measured[-1]:.0f} ms"
        )


if __name__ == "__main__":
    main()
