"""A sheet as SVG: heading, columns, boxes, wires, legend and foot; in points, in a size to be shown as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from graphsvc.diagrams import fonts
from graphsvc.diagrams.boxes import LEADING, PAD_X, PAD_Y, SMALL, Line
from graphsvc.diagrams.fonts import REGULAR, width
from graphsvc.diagrams.layout import Drawn, Layout, Placed
from graphsvc.diagrams.shapes import number, outline
from graphsvc.diagrams.style import INK, PAPER, QUIET, Style
from graphsvc.namespaces import BASE, shorten

MM = 25.4 / 72
_SHIFT = {"bar": 4.0, "pill": 3.0, "double": 4.0, "chamfer": 3.0}


@dataclass(frozen=True)
class Frame:
    """What stands around the drawing: lines of text above and below, headings of columns, the legend; placed in points."""

    width: float
    height: float
    top: float
    texts: tuple[tuple[float, float, Line], ...]
    legend: str


@dataclass(frozen=True)
class Words:
    """What the sheet is called and tells a reader who does not see it, in which language, and where its links lead."""

    title: str
    description: str
    language: str
    address: str


def svg(layout: Layout, frame: Frame, style: Style, words: Words, left: float) -> str:
    """The whole sheet; the drawing stands `left` points from the edge, under the heading of `frame`."""
    wide, high = number(frame.width), number(frame.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{number(frame.width * MM)}mm" '
        f'height="{number(frame.height * MM)}mm" role="img" aria-labelledby="title desc" lang="{words.language}" '
        f'xml:lang="{words.language}" font-family="{escape(fonts.FAMILIES)}">'
        f'<title id="title">{_safe(words.title)}</title><desc id="desc">{_safe(words.description)}</desc>'
        f"<style>{fonts.style()}</style>"
        f'<rect width="{wide}" height="{high}" fill="{PAPER}"/>'
    )
    texts = "".join(text(x, y, line, words.address) for x, y, line in frame.texts)
    moved = f'<g transform="translate({number(left)} {number(frame.top)})">'
    time = "".join(_rule(*rule) for rule in layout.rules) + "".join(_dot(*dot) for dot in layout.dots)
    time += "".join(text(x, y, line) for x, y, line in layout.texts)
    wires = "".join(_wire(drawn, style) for drawn in layout.wires)
    boxes = "".join(_box(placed, words.address) for placed in layout.boxes)
    return f"{head}{texts}{moved}{time}{wires}{boxes}</g>{frame.legend}</svg>\n"


def _rule(start: tuple[float, float], end: tuple[float, float]) -> str:
    way = f"M{number(start[0])} {number(start[1])} L{number(end[0])} {number(end[1])}"
    return f'<path d="{way}" stroke="{QUIET}" stroke-width="1.2" fill="none"/>'


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="3" fill="{PAPER}" stroke="{INK}" stroke-width="1.4"/>'


def text(x: float, y: float, line: Line, address: str = "") -> str:
    """One line of text with its baseline at `y`, as a link where it is one."""
    weight = f' font-weight="{line.weight}"' if line.weight != REGULAR else ""
    where = f'x="{number(x)}" y="{number(y)}" font-size="{number(line.size)}"{weight} fill="{line.colour}"'
    written = f"<text {where}>{_safe(line.text)}</text>"
    path = page(line.link, address) if line.link else None
    return f'<a href="{escape(path)}">{written}</a>' if path else written


def page(iri: str, address: str) -> str | None:
    """Where the page of the thing `iri` is at `address`; None where it has none of ours."""
    return address + iri.removeprefix(BASE) if iri.startswith(BASE) else None


def _box(placed: Placed, address: str) -> str:
    box = placed.box
    shape = outline(box.look, placed.x, placed.y, box.width, box.height, proposed=box.proposed)
    x, y = placed.x + PAD_X + _SHIFT.get(box.look.shape, 0.0), placed.y + PAD_Y
    written = []
    for line in box.lines:
        y += LEADING[line.size]
        written.append(text(x + line.indent, y - 2.6, line, address))
    things = " ".join(box.members)
    return f'<g class="box" data-kind="{shorten(box.kind)}" data-things="{escape(things)}">{shape}{"".join(written)}</g>'


def _wire(drawn: Drawn, style: Style) -> str:
    stroke, wire = style.stroke(drawn.wire.role), drawn.wire
    points = [f"{number(x)} {number(y)}" for x, y in drawn.points]
    way = f"M{points[0]} C{' '.join(points[1:])}" if drawn.curved else f"M{' L'.join(points)}"
    dashes = f' stroke-dasharray="{stroke.dashes}"' if stroke.dashes else ""
    line = f'<path d="{way}" fill="none" stroke="{stroke.colour}" stroke-width="{number(stroke.width)}"{dashes}/>'
    head = _arrow(drawn.points, stroke.colour) if stroke.arrow else ""
    told = f'data-role="{shorten(wire.role)}" data-from="{escape(wire.start)}" data-to="{escape(wire.end)}"'
    proofs = f' data-evidence="{escape(" ".join(wire.evidence))}"' if wire.evidence else ""
    return f'<g class="link" {told}{proofs}>{line}{head}</g>'


def _arrow(points: Iterable[tuple[float, float]], colour: str) -> str:
    *_, (from_x, from_y), (x, y) = points
    across, down = x - from_x, y - from_y
    length = (across**2 + down**2) ** 0.5 or 1.0
    across, down = across / length, down / length
    corners = [
        (x, y),
        (x - 6 * across - 2.6 * down, y - 6 * down + 2.6 * across),
        (x - 6 * across + 2.6 * down, y - 6 * down - 2.6 * across),
    ]
    return f'<path d="M{" L".join(f"{number(a)} {number(b)}" for a, b in corners)} Z" fill="{colour}"/>'


def _safe(words: str) -> str:
    return escape(words, quote=False)


def legend(layout: Layout, style: Style, language: str, room: float) -> tuple[str, float]:
    """The meaning of the lines and shapes that `layout` uses, in rows no wider than `room`, and how high that is."""
    entries = [*_legend_lines(layout, style, language), *_legend_shapes(layout, language)]
    x = y = 0.0
    made = []
    for sample, label in entries:
        wide = 26 + width(label, SMALL) + 14
        if x and x + wide - 14 > room:
            x, y = 0.0, y + 14
        made.append(f'<g transform="translate({number(x)} {number(y)})">{sample}{text(26, 8.4, Line(label, SMALL))}</g>')
        x += wide
    return "".join(made), y + 14 if entries else 0.0


def _legend_lines(layout: Layout, style: Style, language: str) -> list[tuple[str, str]]:
    roles = {drawn.wire.role for drawn in layout.wires}
    found = []
    for role in sorted(roles, key=style.place):
        stroke = style.stroke(role)
        dashes = f' stroke-dasharray="{stroke.dashes}"' if stroke.dashes else ""
        line = f'<path d="M0 5.5 H21" stroke="{stroke.colour}" stroke-width="{number(stroke.width)}"{dashes} fill="none"/>'
        head = _arrow([(0, 5.5), (21, 5.5)], stroke.colour) if stroke.arrow else ""
        found.append((line + head, stroke.label[language]))
    return found


def _legend_shapes(layout: Layout, language: str) -> list[tuple[str, str]]:
    looks = {placed.box.look.one[language]: placed.box.look for placed in layout.boxes if placed.box.look.one}
    found = [(outline(look, 0.5, 0.5, 20, 10, proposed=False), name.capitalize()) for name, look in looks.items()]
    if any(placed.box.proposed for placed in layout.boxes):
        dashed = f'stroke="{INK}" stroke-width="1.3" stroke-dasharray="4 2.5"'
        sample = f'<rect x="0.5" y="0.5" width="20" height="10" fill="none" {dashed}/>'
        found.append((sample, {"sv": "Förslag", "en": "Proposal"}[language]))
    return found
