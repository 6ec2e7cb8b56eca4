"""The sentences of tests/ask/, and whether the answer to one read it as its author means it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from graphsvc.ask import Asked
from graphsvc.namespaces import PREFIXES

FOLDER = Path(__file__).parent / "ask"
SYMMETRIC = {"activities-shared-by-two-actors", "actors-in-two-activities"}  # whose two names may come in either order


def entries(name: str) -> list[dict[str, Any]]:
    """The sentences of tests/ask/<name>.yaml."""
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return found


def is_right(asked: Asked, entry: dict[str, Any]) -> bool:
    """Whether the reading is one of the entry's, with every thing and day that it lists (a year stands for any day in it).

    They are the parameters that the entry lists, or what the answer was narrowed to. Where another reading than the first
    names its parameters otherwise, they stand in params2, params3 …; otherwise any parameter may be them.
    """
    read = asked.understood
    if read is None or read.id not in entry["id"]:
        return False
    place = entry["id"].index(read.id) + 1
    own = entry.get("params" if place == 1 else f"params{place}")
    wanted = entry.get("params") or {} if own is None else own
    said = {
        name: thing.iri.removeprefix(PREFIXES["id"]) if thing.iri else thing.label for name, thing in read.parameters.items()
    }
    narrowed = [str(thing.iri).removeprefix(PREFIXES["id"]) for thing in read.narrowed]
    if read.id in SYMMETRIC:
        return sorted(map(str, wanted.values())) == sorted(said.values())

    def is_said(name: str, value: str) -> bool:
        among = said.values() if own is None else [said.get(name, "")]
        return any(given.startswith(value) for given in among) or value in narrowed

    return all(is_said(name, str(value)) for name, value in wanted.items())
