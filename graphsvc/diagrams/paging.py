"""How a picture that is too large for a page is divided into sheets, each with what its things belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphsvc.diagrams.boxes import Boxes
from graphsvc.diagrams.layout import ROW_GAP, Layout

Fits = Callable[[Layout], bool]
_DOUBT, _HOPE = 1.06, 1.2  # an estimate may be so much too high
_HALVINGS = 5
LayOut = Callable[[Boxes], Layout]


@dataclass(frozen=True)
class Part:
    """What one sheet holds: the boxes and wires, and where they are."""

    made: Boxes
    layout: Layout


def parts_of(made: Boxes, split: int, lay_out: LayOut, fits: Fits, room: float) -> list[Part]:
    """`made` on as few sheets as it takes: whole if it fits, otherwise divided between the things of column `split`.

    `room` is the height of a page (points): what is higher at a glance is not laid out to see.
    """
    if height_of(made, set(made.boxes)) <= room * _HOPE:
        whole = lay_out(made)
        if fits(whole):
            return [Part(made, whole)]
    return _divided(made, split, lay_out, fits, room) or [Part(made, lay_out(made))]


def _divided(made: Boxes, split: int, lay_out: LayOut, fits: Fits, room: float) -> list[Part]:
    groups = _groups(made, set(made.boxes), split, room)
    if len(groups) < 2:
        return []
    evenly = _even(made, groups, room * _DOUBT)
    parts: list[Part] = []
    while groups:
        taken = _likely(made, groups, evenly)
        part = _part(made, groups[:taken], lay_out)
        while taken > 1 and not fits(part.layout):
            taken -= 1
            part = _part(made, groups[:taken], lay_out)
        parts.append(part)
        groups = groups[taken:]
    return parts


def _even(made: Boxes, groups: list[set[str]], room: float) -> float:
    """The least height that takes no more sheets than `room` does, so that the last of them is not almost empty."""
    count, least, most = _count(made, groups, room), 0.0, room
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        least, most = (least, middle) if _count(made, groups, middle) <= count else (middle, most)
    return most


def _count(made: Boxes, groups: list[set[str]], room: float) -> int:
    count = 0
    while groups:
        groups = groups[_likely(made, groups, room) :]
        count += 1
    return count


def _groups(made: Boxes, keys: set[str], split: int, room: float) -> list[set[str]]:
    """What may not be divided further, in order: a thing of column `split` with all that it lies in and that lies in it, or,
    where that is higher than a page, the same for the things of the next column in it."""
    units = [key for key in made.boxes if key in keys and made.boxes[key].column == split]
    if not units:
        return [keys]
    found: list[set[str]] = []
    for unit in units:
        mine = _with_it(made, unit) & keys
        found += _groups(made, mine, split + 1, room) if height_of(made, mine) > room else [mine]
    loose = keys.difference(*found)
    return [*found, loose] if loose else found


def _likely(made: Boxes, groups: list[set[str]], room: float) -> int:
    """How many of `groups`, from the first, look as if they fit a page; at least one."""
    kept = groups[0]
    for taken, group in enumerate(groups[1:], 1):
        kept = kept | group
        if height_of(made, kept) > room:
            return taken
    return len(groups)


def height_of(made: Boxes, keys: set[str]) -> float:
    """About how high the boxes `keys` are when laid out: each as high as itself or as all that lies to its right."""
    right: dict[str, list[str]] = {}
    for wire in made.wires:
        if wire.start in keys and wire.end in keys and made.boxes[wire.end].column > made.boxes[wire.start].column:
            right.setdefault(wire.start, []).append(wire.end)
    seen: set[str] = set()

    def high(key: str) -> float:
        seen.add(key)
        after = sum(high(end) + ROW_GAP for end in right.get(key, ()) if end not in seen)
        return max(made.boxes[key].height, after - ROW_GAP)

    ordered = sorted(keys, key=lambda key: made.boxes[key].column)
    return sum(high(key) + ROW_GAP for key in ordered if key not in seen)


def _part(made: Boxes, groups: list[set[str]], lay_out: LayOut) -> Part:
    keys = set().union(*groups)
    boxes = {key: box for key, box in made.boxes.items() if key in keys}
    wires = tuple(wire for wire in made.wires if wire.start in boxes and wire.end in boxes)
    mine = Boxes(boxes, wires, {key: text for key, text in made.left_out.items() if key in keys})
    return Part(mine, lay_out(mine))


def _with_it(made: Boxes, key: str) -> set[str]:
    """The box `key`, all that lies to the right of it, and all that it lies in."""
    return {key} | _reached(made, key, forward=True) | _reached(made, key, forward=False)


def _reached(made: Boxes, key: str, *, forward: bool) -> set[str]:
    found: set[str] = set()
    waiting = [key]
    while waiting:
        here = made.boxes[waiting.pop()]
        for wire in made.wires:
            near, far = (wire.start, wire.end) if forward else (wire.end, wire.start)
            outward = (made.boxes[far].column > here.column) == forward and made.boxes[far].column != here.column
            if near == here.key and outward and far not in found:
                found.add(far)
                waiting.append(far)
    return found
