"""A sheet in the formats that others edit: DOT and Mermaid (what is linked with what), and draw.io (as it is drawn here)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree as Xml

from graphsvc.diagrams.boxes import SMALL, TEXT, Box
from graphsvc.diagrams.fonts import FAMILY
from graphsvc.diagrams.layout import Drawn, Layout, Placed
from graphsvc.diagrams.shapes import number
from graphsvc.diagrams.style import Stroke, Style
from graphsvc.diagrams.svg import page

_DOT_SHAPES = {
    "page": "note",
    "bar": "box",
    "rounded": "box",
    "pill": "box",
    "double": "box",
    "chamfer": "octagon",
    "tag": "cds",
}
_MERMAID = {"pill": ("([", "])"), "double": ("[[", "]]"), "rounded": ("(", ")"), "chamfer": ("{{", "}}"), "tag": (">", "]")}
_DRAWIO = {
    "page": "shape=note;size=8;", "bar": "", "plain": "", "note": "dashed=1;", "rounded": "rounded=1;arcSize=8;",
    "pill": "rounded=1;arcSize=50;", "double": "rounded=1;arcSize=50;double=1;",
    "chamfer": "shape=hexagon;perimeter=hexagonPerimeter2;size=6;fixedSize=1;",
    "tag": "shape=offPageConnector;direction=north;size=0.1;",
}  # fmt: skip
_DRAWIO_TEXT = (
    f"html=1;whiteSpace=wrap;align=left;verticalAlign=middle;spacingLeft=6;fontFamily={FAMILY};fontSize={number(TEXT)};"
)
_FONT = f'fontname="{FAMILY}"'
_ROUND = ("rounded", "pill", "double")


@dataclass(frozen=True)
class Drawing:
    """A sheet before it is written: where everything is, how it looks, its title and language, and where its links lead."""

    layout: Layout
    style: Style
    title: str
    language: str
    address: str


def dot(drawing: Drawing) -> str:
    """The sheet in Graphviz's language."""
    names = _names(drawing)
    head = [
        "digraph {",
        f"  rankdir=LR; labelloc=t; {_FONT}; label={_quoted(drawing.title)};",
        f'  node [{_FONT}, fontsize=9, margin="0.08,0.04"]; edge [{_FONT}, fontsize=8];',
    ]
    boxes = [f"  {names[placed.box.key]} {_attributes(_dot_box(placed.box, drawing))};" for placed in drawing.layout.boxes]
    wires = [
        f"  {names[drawn.wire.start]} -> {names[drawn.wire.end]} {_attributes(_dot_wire(drawn, drawing))};"
        for drawn in drawing.layout.wires
    ]
    return "\n".join([*head, *boxes, *wires, "}"]) + "\n"


def _dot_box(box: Box, drawing: Drawing) -> dict[str, str]:
    styles = ["filled", *(["rounded"] if box.look.shape in _ROUND else []), *(["dashed"] if _dashed(box) else [])]
    told = {"label": _label(box), "shape": _DOT_SHAPES.get(box.look.shape, "box"), "style": ",".join(styles),
            "fillcolor": box.look.fill, "color": box.look.line}  # fmt: skip
    link = page(box.members[0], drawing.address) if len(box.members) == 1 else None
    return told | ({"peripheries": "2"} if box.look.shape == "double" else {}) | ({"URL": link} if link else {})


def _dot_wire(drawn: Drawn, drawing: Drawing) -> dict[str, str]:
    stroke = drawing.style.stroke(drawn.wire.role)
    return {"style": _line_kind(stroke), "penwidth": number(stroke.width), "color": stroke.colour,
            "arrowhead": "normal" if stroke.arrow else "none", "tooltip": stroke.label[drawing.language]}  # fmt: skip


def _attributes(told: dict[str, str]) -> str:
    return f"[{', '.join(f'{name}={_quoted(value)}' for name, value in told.items())}]"


def mermaid(drawing: Drawing) -> str:
    """The sheet as a Mermaid flowchart, each link under its role."""
    names = _names(drawing)
    body = ["---", f"title: {json.dumps(drawing.title, ensure_ascii=False)}", "---", "flowchart LR"]
    for placed in drawing.layout.boxes:
        left, right = _MERMAID.get(placed.box.look.shape, ("[", "]"))
        body.append(f'  {names[placed.box.key]}{left}"{_mermaid_text(_label(placed.box)).replace(chr(10), "<br>")}"{right}')
    for wire in drawing.layout.wires:
        stroke = drawing.style.stroke(wire.wire.role)
        arrow = "-.->" if stroke.dashes else "==>" if stroke.width > 2 else "-->"
        label = _mermaid_text(stroke.label[drawing.language])
        body.append(f'  {names[wire.wire.start]} {arrow}|"{label}"| {names[wire.wire.end]}')
    body += [
        f"  style {names[placed.box.key]} stroke-dasharray: 4 3" for placed in drawing.layout.boxes if _dashed(placed.box)
    ]
    return "\n".join(body) + "\n"


def drawio(drawing: Drawing) -> str:
    """The sheet for draw.io, every box and line in its place and free to be moved."""
    names = _names(drawing)
    file = Xml.Element("mxfile", host="Styrgraf")
    diagram = Xml.SubElement(file, "diagram", id="blad", name=drawing.title[:80])
    size = {"pageWidth": number(drawing.layout.width), "pageHeight": number(drawing.layout.height)}
    model = Xml.SubElement(diagram, "mxGraphModel", {"grid": "0", "page": "1", "math": "0", **size})
    root = Xml.SubElement(model, "root")
    Xml.SubElement(root, "mxCell", id="0")
    Xml.SubElement(root, "mxCell", {"id": "1", "parent": "0"})
    for placed in drawing.layout.boxes:
        _drawio_box(root, placed, names, drawing)
    for place, wire in enumerate(drawing.layout.wires):
        _drawio_wire(root, place, wire, names, drawing)
    return Xml.tostring(file, encoding="unicode", xml_declaration=False) + "\n"


def _drawio_box(root: Xml.Element, placed: Placed, names: dict[str, str], drawing: Drawing) -> None:
    box = placed.box
    dated = [f"<b>{escape(box.date)}</b>"] if box.date else []
    text = "<br>".join([*dated, *(_html_line(line.text, line.size, line.weight) for line in box.lines)])
    style = _DRAWIO[box.look.shape] + _DRAWIO_TEXT + f"fillColor={box.look.fill};strokeColor={box.look.line};"
    shown = {"style": style + ("dashed=1;" if box.proposed else ""), "vertex": "1", "parent": "1"}
    link = page(box.members[0], drawing.address) if len(box.members) == 1 else None
    if link:  # only an object of the user's own can carry a link
        holder = Xml.SubElement(root, "UserObject", {"label": text, "link": link, "id": names[box.key]})
        cell = Xml.SubElement(holder, "mxCell", shown)
    else:
        cell = Xml.SubElement(root, "mxCell", {"id": names[box.key], "value": text, **shown})
    place = {"x": number(placed.x), "y": number(placed.y), "width": number(box.width), "height": number(box.height)}
    Xml.SubElement(cell, "mxGeometry", {**place, "as": "geometry"})


def _drawio_wire(root: Xml.Element, place: int, drawn: Drawn, names: dict[str, str], drawing: Drawing) -> None:
    stroke = drawing.style.stroke(drawn.wire.role)
    way = "none;curved=1" if drawn.curved else "orthogonalEdgeStyle"
    style = f"edgeStyle={way};html=1;strokeColor={stroke.colour};strokeWidth={number(stroke.width)};endSize=4;"
    style += f"endArrow={'block' if stroke.arrow else 'none'};"
    style += f"dashed=1;dashPattern={stroke.dashes};" if stroke.dashes else ""
    ends = {"source": names[drawn.wire.start], "target": names[drawn.wire.end]}
    cell = Xml.SubElement(root, "mxCell", {"id": f"l{place}", "style": style, "edge": "1", "parent": "1", **ends})
    geometry = Xml.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
    if not drawn.curved and len(drawn.points) > 2:
        corners = Xml.SubElement(geometry, "Array", {"as": "points"})
        for x, y in drawn.points[1:-1]:
            Xml.SubElement(corners, "mxPoint", {"x": number(x), "y": number(y)})


def _html_line(text: str, size: float, weight: int) -> str:
    bold = f"<b>{escape(text)}</b>" if weight > 400 else escape(text)
    return f'<font style="font-size: {number(SMALL)}px">{bold}</font>' if size == SMALL else bold


def _names(drawing: Drawing) -> dict[str, str]:
    return {placed.box.key: f"n{place}" for place, placed in enumerate(drawing.layout.boxes)}


def _label(box: Box) -> str:
    return "\n".join([*([box.date] if box.date else []), *(line.text for line in box.lines)])


def _dashed(box: Box) -> bool:
    return box.proposed or box.look.shape == "note"


def _line_kind(stroke: Stroke) -> str:
    return {"": "solid", "5 3": "dashed", "1 2.4": "dotted"}.get(stroke.dashes, "dashed")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\l") + '"'


def _mermaid_text(text: str) -> str:
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;").replace("&", "#amp;")
