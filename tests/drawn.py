"""What a drawn sheet is, measured in its SVG: where every line of text is, how large and how dark, and every box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as Xml

from graphsvc.diagrams.fonts import width

_SVG = "{http://www.w3.org/2000/svg}"
_RISE, _FALL = 0.72, 0.2  # how far letters reach above and below the line they stand on, as parts of their size


@dataclass(frozen=True)
class Area:
    """A rectangle, in points."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Area, least: float = 0.5) -> bool:
        """Whether the two share more than a sliver."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > least and down > least

    def holds(self, other: Area) -> bool:
        """Whether the other lies inside."""
        inside = self.left - 0.5 <= other.left and other.right <= self.right + 0.5
        return inside and self.top - 0.5 <= other.top and other.bottom <= self.bottom + 0.5


@dataclass(frozen=True)
class Written:
    """A line of text: what it says, where, how large (points) and in which colour, on which."""

    text: str
    area: Area
    size: float
    colour: str
    ground: str


@dataclass(frozen=True)
class Seen:
    """A sheet: its size (points), its lines of text, its boxes with their texts, and the corners of its straight wires."""

    area: Area
    texts: list[Written]
    boxes: list[tuple[Area, list[Written]]]
    wires: list[list[tuple[float, float]]]
    links: list[str]


def seen(svg: str) -> Seen:
    """Read a sheet."""
    root = Xml.fromstring(svg)
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    texts, boxes, wires = [], [], []
    for element, x, y in _placed(root, 0.0, 0.0):
        kind = element.attrib.get("class")
        if element.tag == _SVG + "text":
            texts.append(_written(element, x, y, "#ffffff"))
        elif kind == "box":
            boxes.append(_box(element, x, y))
        elif kind == "link":
            path = element.find(_SVG + "path")
            assert path is not None
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.attrib["d"])]
            wires.append([(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)])
    links = [element.attrib["href"] for element in root.iter(_SVG + "a")]
    return Seen(Area(0, 0, wide, high), texts, boxes, wires, links)


def _placed(element: Xml.Element, x: float, y: float) -> Iterator[tuple[Xml.Element, float, float]]:
    """Every element with how far the groups that it stands in move it."""
    move = re.fullmatch(r"translate\(([-\d.]+) ([-\d.]+)\)", element.attrib.get("transform", ""))
    if move:
        x, y = x + float(move[1]), y + float(move[2])
    yield element, x, y
    for child in element:
        yield from _placed(child, x, y)


def _written(element: Xml.Element, x: float, y: float, ground: str) -> Written:
    size, text = float(element.attrib["font-size"]), element.text or ""
    left, base = x + float(element.attrib["x"]), y + float(element.attrib["y"])
    wide = width(text, size, int(element.attrib.get("font-weight", 400)))
    return Written(
        text, Area(left, base - _RISE * size, left + wide, base + _FALL * size), size, element.attrib["fill"], ground
    )


def _box(group: Xml.Element, x: float, y: float) -> tuple[Area, list[Written]]:
    shape = group[0]
    if shape.tag == _SVG + "rect":
        left, top = x + float(shape.attrib["x"]), y + float(shape.attrib["y"])
        area = Area(left, top, left + float(shape.attrib["width"]), top + float(shape.attrib["height"]))
    else:
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", shape.attrib["d"])]
        area = Area(x + min(numbers[::2]), y + min(numbers[1::2]), x + max(numbers[::2]), y + max(numbers[1::2]))
    return area, [_written(text, x, y, shape.attrib["fill"]) for text in group.iter(_SVG + "text")]


def contrast(colour: str, ground: str) -> float:
    """The contrast of two colours as printed in grey: the ratio of WCAG 2, which is of their lightness alone."""
    lighter, darker = sorted((_lightness(colour), _lightness(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _lightness(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
