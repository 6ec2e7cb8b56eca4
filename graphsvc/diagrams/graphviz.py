"""The only home of Graphviz: where boxes and wires go, by its program `dot`, in points from the upper left.

The program is the one of the PyPI package graphviz-pure, which lays out alike on every platform. To use a system's own
Graphviz instead, set STYRGRAF_DOT to its program (as /usr/bin/dot); pictures then follow that version's layout.
What graphviz-pure cannot do (PDF, and measuring our typeface) is not asked of it: boxes come with fixed sizes, and the
drawing is made here, from the places it gives.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphsvc.errors import StyrgrafError

_SECONDS = 20
_POINTS = 72.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Places:
    """Where nodes' centres are, by name; and edges' curves (Bézier points), by the names of their ends, several between two
    nodes as they were written."""

    centres: dict[str, Point]
    curves: dict[tuple[str, str], list[list[Point]]]


class LayoutFailed(StyrgrafError):
    """Graphviz did not lay out the picture."""


def places(dot: str) -> Places:
    """Where `dot` (a graph in the DOT language, sizes in inches) puts its nodes and edges; LayoutFailed if it cannot."""
    command = [program(), "-Kdot", "-Tplain"]
    try:
        done = subprocess.run(command, input=dot.encode(), capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or b""
        raise LayoutFailed(
            f"Graphviz ({command[0]}) kunde inte lägga ut bilden: {told.decode(errors='replace')[:300] or error}"
        ) from None
    return _read(done.stdout.decode())


@cache
def program() -> str:
    """The program that lays out; LayoutFailed if there is none."""
    beside = Path(sys.executable).with_name("graphviz-pure")
    found = os.environ.get("STYRGRAF_DOT") or (str(beside) if beside.exists() else None) or shutil.which("graphviz-pure")
    if not found:
        raise LayoutFailed("Graphviz saknas: installera paketet graphviz-pure, eller sätt STYRGRAF_DOT till programmet dot.")
    return found


def _read(plain: str) -> Places:
    found = Places({}, {})
    height = 0.0
    for line in plain.splitlines():
        parts = line.split(" ")
        if parts[0] == "graph":
            height = float(parts[3]) * _POINTS
        elif parts[0] == "node":
            found.centres[parts[1]] = _point(parts[2], parts[3], height)
        elif parts[0] == "edge":
            count = int(parts[3])
            numbers = parts[4 : 4 + 2 * count]
            curve = [_point(x, y, height) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
            found.curves.setdefault((parts[1], parts[2]), []).append(curve)
    return found


def _point(x: str, y: str, height: float) -> Point:
    return float(x) * _POINTS, height - float(y) * _POINTS
