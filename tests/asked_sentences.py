"""The sentences of tests/ask/, and whether the answer to one read it as its author means it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from graphsvc.ask import Asked
from graphsvc.ask.asked import Named, Understood
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
    places = [place for place, name in enumerate(entry["id"], 1) if read is not None and name == read.id]
    return read is not None and any(_names(read, entry, place) for place in places)


def _names(read: Understood, entry: dict[str, Any], place: int) -> bool:
    """Whether what is read names what the entry's reading at `place` does."""
    own = entry.get("params" if place == 1 else f"params{place}")
    wanted = entry.get("params") or {} if own is None else own
    said = {name: _short(thing) for name, thing in read.parameters.items()}
    narrowed = [_short(thing) for thing in read.narrowed]
    if read.id in SYMMETRIC:
        return sorted(map(str, wanted.values())) == sorted(said.values())
    for name, value in wanted.items():
        among = list(said.values()) if own is None else [said.get(name, "")]
        if not any(given.startswith(str(value)) for given in among) and str(value) not in narrowed:
            return False
    return True


def _short(thing: Named) -> str:
    return thing.iri.removeprefix(PREFIXES["id"]) if thing.iri else thing.label
