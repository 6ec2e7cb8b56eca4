"""From a view and the thing it is asked of to a picture: the scene, its boxes, the sheets, and what stands around them."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace
from urllib.parse import quote

from graphsvc.diagrams import layout as layouts
from graphsvc.diagrams import svg, telling
from graphsvc.diagrams.boxes import LEADING, PROPOSED, SMALL, TEXT, Boxes, Line, boxes_of, columns_of
from graphsvc.diagrams.fonts import BOLD, REGULAR
from graphsvc.diagrams.interchange import Drawing
from graphsvc.diagrams.layout import COLUMN_GAP, Layout, Layouter
from graphsvc.diagrams.paging import Part, parts_of
from graphsvc.diagrams.picture import Picture, Sheet
from graphsvc.diagrams.scene import Scene, scene_of
from graphsvc.diagrams.shapes import number as number_of
from graphsvc.diagrams.style import QUIET, Style, style_of
from graphsvc.diagrams.typography import lines, unbroken
from graphsvc.diagrams.views import View, Views
from graphsvc.errors import BadParameter, NothingToShow
from graphsvc.graph import Graph
from graphsvc.labels import bind, labels_of
from graphsvc.settings import Settings
from graphsvc.terms import Iri, typeset

_PAGES = {"portrait": (170 / svg.MM, 240 / svg.MM), "landscape": (250 / svg.MM, 160 / svg.MM)}
_TITLE = 12.0
_LEADING = LEADING | {_TITLE: 15.0}
_MOST_HEADS = 3
_MOST_LETTERS = 40
_MOST_FOOT = 6
_MOST_UPRIGHT = 4
_AIR = 8.0
_LEGEND = 3 * 14.0  # its rows, at most
_LAYOUTS: dict[str, Layouter] = {"tree": layouts.tree, "timeline": layouts.timeline}
_WORDS = {
    "sv": {
        "sheet": "Blad {0} av {1}", "release": "utgåva", "source": "Källa", "proposal": "förslag", "rest": "{0} till",
        "out": "Utelämnat här", "elsewhere": "På blad {0}: {1}",
        "more": "Vad som är utelämnat här, och var det står, säger bildens beskrivning.",
    },
    "en": {
        "sheet": "Sheet {0} of {1}", "release": "release", "source": "Source", "proposal": "proposal", "rest": "{0} more",
        "out": "Left out here", "elsewhere": "On sheet {0}: {1}",
        "more": "What is left out here, and where it stands, is told in the picture’s description.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class _Task:
    """What is drawn, for whom, and where its links lead."""

    view: View
    style: Style
    language: str
    about: str
    label: str
    release: str
    address: str
    columns: int

    @property
    def page(self) -> tuple[float, float]:
        """The room on a page (points)."""
        many = "landscape" if self.columns > _MOST_UPRIGHT else "portrait"
        return _PAGES[many if self.view.orientation == "auto" else self.view.orientation]

    @property
    def link(self) -> str:
        language = "" if self.language == "sv" else f"&lang={self.language}"
        return f"{self.address}diagrams/{self.view.id}.svg?about={quote(self.about, safe=':/')}{language}"

    def width_of(self, column: int) -> float:
        """How wide the boxes of `column` are (points)."""
        if self.view.layout == "timeline":
            return self.page[0] - layouts.TIME_ROOM
        shares = self.view.shares[: self.columns]
        room = self.page[0] - COLUMN_GAP * (len(shares) - 1) - 2
        return room * shares[min(column, len(shares) - 1)] / sum(shares)


def draw(graph: Graph, view_id: str, about: str | None, language: str = "sv", *, address: str | None = None) -> Picture:
    """The picture that the view `view_id` gives of `about`, a name as people write it or an IRI.

    `address` is where the service is, for the links (by default the settings' own). UnknownView, UnknownName, AmbiguousName,
    BadParameter, NothingToShow (with what that means) or AnswerTooLarge where there is no such picture.
    """
    view = Views(graph.content)[view_id]
    if not about or not about.strip():
        kind = view.about.label
        raise BadParameter("about", f"saknas ({kind['sv']}).", f"is missing ({kind['en']}).")
    thing = graph.resolve(view.about, about, language)
    label = labels_of(graph.store, graph.content, [thing.value], language).get(thing.value, about)
    style = style_of(graph.content)
    scene = scene_of(graph.store, graph.content, view, thing, language, style)
    if not scene.nodes:
        raise NothingToShow(view.id, label, view.empty[language])
    where = Settings().public_address if address is None else address
    scene = _without_root(scene, view, thing.value)
    label = typeset(label) + _proposed(graph, thing, language)
    return _picture(
        scene, _Task(view, style, language, thing.value, label, graph.release.manifest.name, where, columns_of(scene, view))
    )


def _without_root(scene: Scene, view: View, about: str) -> Scene:
    """`scene` without what it is drawn of, where that stands alone in the first of more columns than fit an upright page:
    the heading names it."""
    first = [node.iri for node in scene.nodes.values() if node.column == 0]
    if first != [about] or columns_of(scene, view) <= _MOST_UPRIGHT:
        return scene
    moved = {iri: replace(node, column=node.column - 1) for iri, node in scene.nodes.items() if iri != about}
    return Scene(moved, tuple(link for link in scene.links if about not in (link.start, link.end)))


def _proposed(graph: Graph, thing: Iri, language: str) -> str:
    """What follows the name of a thing that is only proposed, or belongs to a document that is."""
    found = graph.store.select(bind(graph.content.lookup("view-about"), {"about": [thing]})).rows
    return f" ({_WORDS[language]['proposal']})" if any(row["status"].value in PROPOSED for row in found) else ""


def shows(graph: Graph, view_id: str, about: str) -> bool:
    """Whether the view has anything to show of the thing with the IRI `about`."""
    view = Views(graph.content)[view_id]
    return bool(scene_of(graph.store, graph.content, view, Iri(about), "sv", style_of(graph.content)).nodes)


def _picture(scene: Scene, task: _Task) -> Picture:
    room, lay_out = task.page[1] - _around(task), _LAYOUTS[task.view.layout]
    made = boxes_of(scene, task.view, task.style, task.language, task.width_of, room - _LEGEND)
    parts = parts_of(made, task.view.split, lay_out, lambda got: _fits(got, task), room)
    sheets = tuple(_sheet(scene, parts, task, number) for number in range(1, len(parts) + 1))
    title = f"{task.view.title[task.language]}: {task.label}"
    described = sheets[0].description if len(sheets) == 1 else " ".join(sheet.description for sheet in sheets)
    return Picture(task.view.id, title, described, task.link, task.release, task.language, sheets)


def _fits(found: Layout, task: _Task) -> bool:
    wide, high = task.page
    _, below = svg.legend(found, task.style, task.language, wide)
    return found.width <= wide + 0.5 and found.height + below <= high - _around(task)


def _around(task: _Task) -> float:
    """The height that the heading and the foot of a sheet take, at most (points)."""
    return len(_heading(task, 9, 9)) * 15 + _MOST_FOOT * LEADING[SMALL] + 3 * _AIR + 14


def _heading(task: _Task, number: int, of: int) -> list[Line]:
    sheet = f" · {_WORDS[task.language]['sheet'].format(number, of)}" if of > 1 else ""
    said = [(task.view.title[task.language] + sheet, _TITLE, BOLD), (task.label, TEXT, REGULAR)]
    return [
        Line(part, size, weight)
        for text, size, weight in said
        for part in lines(text, task.page[0], size, weight, task.language)
    ]


def _sheet(scene: Scene, parts: list[Part], task: _Task, number: int) -> Sheet:
    part, of = parts[number - 1], len(parts)
    seen = telling.shown(scene, part.made)
    left_out = _left_out(scene, parts, task, number)
    told = telling.description(seen, task.view, task.style, task.language, (number, of), left_out)
    title = f"{task.view.title[task.language]}: {task.label}"
    title += f", {_WORDS[task.language]['sheet'].format(number, of).lower()}" if of > 1 else ""
    wide = task.page[0]
    frame = _frame(part.layout, task, number, of, left_out, wide)
    drawn = svg.svg(
        part.layout, frame, task.style, svg.Words(title, told, task.language, task.address), (wide - part.layout.width) / 2
    )
    table = telling.table(seen, task.view, task.style, task.language)
    editable = Drawing(part.layout, task.style, title, task.language, task.address)
    return Sheet(number, of, title, told, left_out, table, drawn, frame.width * svg.MM, frame.height * svg.MM, editable)


def _left_out(scene: Scene, parts: list[Part], task: _Task, number: int) -> tuple[str, ...]:
    """What lists on the sheet leave out, and what stands on the other sheets."""
    mine = list(parts[number - 1].made.left_out.values())
    for other, part in enumerate(parts, 1):
        if other != number:
            named = telling.listed(_heads(scene, parts, part.made, task.language), task.language)
            mine.append(_WORDS[task.language]["elsewhere"].format(other, named) + ".")
    return tuple(mine)


def _heads(scene: Scene, parts: list[Part], made: Boxes, language: str) -> list[str]:
    """The names that tell one sheet from the others: of what stands first on it and on no other, at most three."""
    others = {key for part in parts if part.made is not made for key in part.made.boxes}
    own = [box for key, box in made.boxes.items() if key not in others]
    column = min((box.column for box in own), default=0)
    told = [
        scene.nodes[box.key].name if box.key in scene.nodes else box.lines[0].text for box in own if box.column == column
    ]
    names = [telling.quoted(textwrap.shorten(name, _MOST_LETTERS, placeholder=" …"), language) for name in told]
    return (
        names
        if len(names) <= _MOST_HEADS
        else [*names[: _MOST_HEADS - 1], _WORDS[language]["rest"].format(len(names) - _MOST_HEADS + 1)]
    )


def _frame(found: Layout, task: _Task, number: int, of: int, left_out: tuple[str, ...], wide: float) -> svg.Frame:
    texts: list[tuple[float, float, Line]] = []
    y = 0.0
    for line in _heading(task, number, of):
        y += _LEADING[line.size]
        texts.append((0.0, y - 3, line))
    if len(task.view.columns) > 1:
        y += _AIR + LEADING[SMALL]
        left = (wide - found.width) / 2
        for column, x in sorted(_starts(found).items()):
            if column < len(task.view.columns):
                texts.append((left + x, y - 2, Line(task.view.columns[column][task.language], SMALL, BOLD, QUIET)))
    top = y + 4
    drawn, high = svg.legend(found, task.style, task.language, wide)
    y = top + found.height + _AIR
    placed = f'<g class="legend" transform="translate(0 {number_of(y)})">{drawn}</g>'
    y += high
    words = _WORDS[task.language]
    source = f"{words['source']}: Styrgraf, {words['release']} {task.release}"
    foot = [*lines(source, wide, SMALL, REGULAR, task.language), *unbroken(task.link, wide, SMALL)]
    out = lines(f"{words['out']}: {' '.join(left_out)}", wide, SMALL, REGULAR, task.language) if left_out else ()
    if len(out) + len(foot) > _MOST_FOOT:
        out = lines(words["more"], wide, SMALL, REGULAR, task.language)
    for part in [*out, *foot]:
        y += LEADING[SMALL]
        texts.append((0.0, y - 2, Line(part, SMALL, REGULAR, QUIET)))
    return svg.Frame(wide, y + 2, top, tuple(texts), placed)


def _starts(found: Layout) -> dict[int, float]:
    starts: dict[int, float] = {}
    for placed in found.boxes:
        column = placed.box.column
        starts[column] = min(starts.get(column, placed.x), placed.x)
    return starts
