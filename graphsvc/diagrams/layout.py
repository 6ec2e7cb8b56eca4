"""Where the boxes and wires of a sheet go: as a tree in columns, or along a line of time; in points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from graphsvc.diagrams import graphviz
from graphsvc.diagrams.boxes import TEXT, Box, Boxes, Line, Wire
from graphsvc.diagrams.fonts import BOLD
from graphsvc.diagrams.graphviz import Point

COLUMN_GAP, ROW_GAP = 24.0, 7.0
TIME_ROOM = 84.0
_AXIS = 70.0
_APART = 4.0
_INCH = 72.0


@dataclass(frozen=True)
class Placed:
    """A box and its upper left corner."""

    box: Box
    x: float
    y: float


@dataclass(frozen=True)
class Drawn:
    """A wire's way: corners of straight lines, or Bézier points where `curved`."""

    wire: Wire
    points: tuple[Point, ...]
    curved: bool


@dataclass(frozen=True)
class Layout:
    """Where everything is, and how large that makes the drawing; `texts`, `rules` and `dots` are those of a line of time."""

    boxes: tuple[Placed, ...]
    wires: tuple[Drawn, ...]
    width: float
    height: float
    texts: tuple[tuple[float, float, Line], ...] = ()
    rules: tuple[tuple[Point, Point], ...] = ()
    dots: tuple[Point, ...] = ()


Layouter = Callable[[Boxes], Layout]


def tree(made: Boxes) -> Layout:
    """Columns from left to right, each thing beside what it belongs to, in the order of the source."""
    names = {key: f"n{number}" for number, key in enumerate(made.boxes)}
    found = graphviz.places(_tree_dot(made, names))
    placed = _placed(made, names, found)
    at = {one.box.key: one for one in placed}
    return _trimmed(placed, _ways(made.wires, names, found, at))


def _trimmed(boxes: list[Placed], wires: list[Drawn]) -> Layout:
    """The layout that `boxes` and `wires` make, moved to the corner: Graphviz also counts what is not drawn."""
    corners = [(box.x, box.y) for box in boxes] + [(box.x + box.box.width, box.y + box.box.height) for box in boxes]
    points = corners + [point for wire in wires for point in wire.points]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    moved = tuple(Placed(box.box, box.x - left, box.y - top) for box in boxes)
    drawn = tuple(replace(wire, points=tuple((x - left, y - top) for x, y in wire.points)) for wire in wires)
    return Layout(moved, drawn, max(x for x, _ in points) - left, max(y for _, y in points) - top)


def _ways(wires: tuple[Wire, ...], names: dict[str, str], found: graphviz.Places, at: dict[str, Placed]) -> list[Drawn]:
    """Corners for the wires that one box shares with its neighbours, Graphviz's curves for those that cross or pass by."""
    near = [wire for wire in wires if at[wire.end].box.column == at[wire.start].box.column + 1]
    pairs = {(wire.start, wire.end) for wire in wires}
    out, into = Counter(start for start, _ in pairs), Counter(end for _, end in pairs)
    forks = [wire for wire in near if into[wire.end] == 1]
    joins = [wire for wire in near if into[wire.end] > 1 and out[wire.start] == 1]
    mixed = {wire.end for wire in wires if wire not in joins and into[wire.end] > 1}
    joins = [wire for wire in joins if wire.end not in mixed]
    cornered = _elbows(forks, at, of=lambda wire: wire.start) | _elbows(joins, at, of=lambda wire: wire.end)
    curved = _curves(wires, names, found)
    return [cornered.get(wire, curve) for wire, curve in zip(wires, curved, strict=True)]


def _tree_dot(made: Boxes, names: dict[str, str]) -> str:
    head = [f"digraph {{ rankdir=LR; nodesep={ROW_GAP / _INCH:.4f}; ranksep={COLUMN_GAP / _INCH:.4f};",
            'node [shape=box, fixedsize=true, label=""]; edge [arrowhead=none];']  # fmt: skip
    body = [_node(names[box.key], box) for box in made.boxes.values()]
    body += [f"{names[wire.start]} -> {names[wire.end]};" for wire in made.wires]
    columns: dict[int, list[str]] = {}
    for box in made.boxes.values():
        columns.setdefault(box.column, []).append(names[box.key])
    ordered = [columns[column] for column in sorted(columns)]
    body += [f"{{ rank=same; {' -> '.join(same)} [style=invis, weight=0] }}" for same in ordered]
    # what no link keeps apart is kept in its column all the same
    body += [f"{one[0]} -> {after[0]} [style=invis, weight=0];" for one, after in pairwise(ordered)]
    return "\n".join([*head, *body, "}"])


def _node(name: str, box: Box) -> str:
    return f"{name} [width={box.width / _INCH:.4f}, height={box.height / _INCH:.4f}];"


def _placed(made: Boxes, names: dict[str, str], found: graphviz.Places) -> list[Placed]:
    places = []
    for key, box in made.boxes.items():
        x, y = found.centres[names[key]]
        places.append(Placed(box, x - box.width / 2, y - box.height / 2))
    return places


def _elbows(wires: list[Wire], at: dict[str, Placed], of: Callable[[Wire], str]) -> dict[Wire, Drawn]:
    """Each wire's corners; those of one box (that `of` names) in several roles run side by side."""
    drawn: dict[Wire, Drawn] = {}
    for key in {of(wire): None for wire in wires}:
        others = {wire: at[wire.end if of(wire) == wire.start else wire.start] for wire in wires if of(wire) == key}
        ports, turns = _trunks(others, at[key])
        for wire, other in others.items():
            same = [one for one in others if others[one] is other]
            far_port = (same.index(wire) - (len(same) - 1) / 2) * _APART
            points = _elbow(at[key], other, ports[wire.role], turns[wire.role], far_port)
            drawn[wire] = Drawn(wire, points if of(wire) == wire.start else points[::-1], False)
    return drawn


def _trunks(others: dict[Wire, Placed], shared: Placed) -> tuple[dict[str, float], dict[str, float]]:
    """For each role, how far from the middle of the box its wires begin, and from the middle of the gap they turn (points).

    The farther the ends of a role are, the nearer to the box its wires turn: so the fewest of them cross.
    """
    ends: dict[str, list[float]] = {}
    for wire, other in others.items():
        ends.setdefault(wire.role, []).append(_middle(other))
    roles = sorted(ends, key=lambda role: sum(ends[role]) / len(ends[role]))
    heights = [sum(ends[role]) / len(ends[role]) for role in roles]
    above = sum(height < _middle(shared) for height in heights)
    steps = [place if place < above else len(roles) - 1 - place for place in range(len(roles))]
    apart = min(_APART, (COLUMN_GAP - 8) / max(max(steps), 1))
    ported = min(_APART, (shared.box.height - 6) / max(len(roles) - 1, 1))
    ports = {role: (place - (len(roles) - 1) / 2) * ported for place, role in enumerate(roles)}
    return ports, {role: (step - max(steps) / 2) * apart for role, step in zip(roles, steps, strict=True)}


def _middle(placed: Placed) -> float:
    return placed.y + placed.box.height / 2


def _elbow(shared: Placed, other: Placed, port: float, turn: float, far_port: float) -> tuple[Point, ...]:
    """From the box that several wires share to another, in the column after it or before."""
    forward = other.x > shared.x
    x, y = (shared.x + shared.box.width if forward else shared.x), _middle(shared) + port
    to_x, to_y = (other.x if forward else other.x + other.box.width), _middle(other) + far_port
    middle = x + (COLUMN_GAP / 2 + turn) * (1 if forward else -1)
    if abs(y - to_y) < 1 and not port:
        return (x, to_y), (to_x, to_y)
    return (x, y), (middle, y), (middle, to_y), (to_x, to_y)


def _curves(wires: tuple[Wire, ...], names: dict[str, str], found: graphviz.Places) -> list[Drawn]:
    waiting = {pair: list(curves) for pair, curves in found.curves.items()}
    return [Drawn(wire, tuple(waiting[names[wire.start], names[wire.end]].pop(0)), True) for wire in wires]


def timeline(made: Boxes) -> Layout:
    """Events below one another along a line of time, each beside its date."""
    placed, texts, dots = [], [], []
    y, said = 0.0, ""
    for box in made.boxes.values():
        placed.append(Placed(box, TIME_ROOM, y))
        middle = y + box.height / 2
        if box.date != said:
            texts.append((0.0, middle + 3, Line(box.date, TEXT, BOLD)))
        dots.append((_AXIS, middle))
        y, said = y + box.height + ROW_GAP, box.date
    wide = TIME_ROOM + max(box.width for box in made.boxes.values())
    rule = ((_AXIS, 0.0), (_AXIS, y - ROW_GAP))
    return Layout(tuple(placed), (), wide, y - ROW_GAP, tuple(texts), (rule,), tuple(dots))
