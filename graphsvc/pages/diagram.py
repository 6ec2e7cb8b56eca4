"""The pages of pictures: the views with what they can be drawn of, and each picture with the same as a table beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from graphsvc.diagrams import FORMATS, Picture, Sheet, View, Views, draw
from graphsvc.diagrams.scene import Node, Scene, scene_of
from graphsvc.diagrams.style import Style, style_of
from graphsvc.errors import NothingToShow
from graphsvc.labels import bind, passages_of
from graphsvc.markup import Link, link
from graphsvc.namespaces import BASE, shorten
from graphsvc.pages.duties import duties_of
from graphsvc.pages.fields import NameField, choices, name_field, status_of
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.kept import kept
from graphsvc.pages.questions import number_of, numbered
from graphsvc.pages.sections import meant, shown
from graphsvc.pages.tables import Heading, Table
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.terms import Iri, Literal

_NAMES = {"svg": "SVG", "png": "PNG", "pdf": "PDF", "dot": "DOT", "mmd": "Mermaid", "drawio": "draw.io"}
_LEFT_OUT = re.compile(
    r"<style>.*?</style>|<title id=\"title\">.*?</title>|<desc id=\"desc\">.*?</desc>| data-evidence=\"[^\"]*\"", re.S
)
_HEAD = re.compile(r' width="[^"]*mm" height="[^"]*mm" role="img" aria-labelledby="title desc"')
_SHOWN = 'role="group" aria-labelledby="bilden"'


@dataclass(frozen=True)
class Role:
    """A role of the picture: its prefixed name, which the picture's lines carry, and what it is called."""

    name: str
    label: str


@dataclass(frozen=True)
class Drawn:
    """A picture as its page shows it: the sheets with what inlines each, the roles, and all that it shows as rows."""

    title: str
    sheets: tuple[Sheet, ...]
    inlines: tuple[str, ...]
    roles: tuple[Role, ...]
    rows: tuple[tuple[str, AnswerRow], ...]


def views(visit: Visit) -> Page:
    """All views, each with a form; those that fit ?om= if it is given."""
    about = name_field(visit, "om", visit.say("Vad bilden ska visa", "What the picture is to show"))
    every = list(Views(visit.graph.content))
    fitting = _fitting(visit, about.iri) if about.iri else every
    title = visit.say("Bilder", "Pictures")
    lead = visit.say(
        "Styrningen ritad: välj en vy och vad den ska visa.", "Governance drawn: choose a view and what it is to show."
    )
    classes = sorted({view.about.of or "" for view in every})
    lists = {iri: (f"namn-{number}", choices(visit, "form-choices", iri)) for number, iri in enumerate(classes)}
    return visit.page("bilder", f"{title}: {about.value}" if about.iri else title, lead, status=status_of((about,)),
                      query={"om": about.told} if about.value else {}, about=about, views=fitting, lists=lists,
                      examples=kept(visit.graph, ("examples of views", visit.language), lambda: _examples(visit, classes)),
                      crumbs=[visit.crumb("Bilder", "Pictures", "/bilder")] if about.iri else [])  # fmt: skip


def picture(visit: Visit) -> Page:
    """The picture that the view of the path gives of ?about=; ?blad= is its sheet, ?role= the only role shown."""
    view = Views(visit.graph.content)[visit.parts["view"]]
    listed = [(label, label) for _, label in choices(visit, "form-choices", view.about.of or "")]
    about = name_field(visit, "about", view.about.label[visit.language], [view.about.of or ""], listed)
    drawn, problem = None, ""
    if about.iri:
        try:
            drawn = kept(visit.graph, ("picture", view.id, about.iri, visit.language), lambda: _draw(visit, view, about))
        except NothingToShow as error:
            problem = error.reason
    return _page(visit, view, about, drawn, problem)


PAGES: dict[str, Maker] = {"/bilder": views, "/bild/{view}": picture}


def _page(visit: Visit, view: View, about: NameField, drawn: Drawn | None, problem: str) -> Page:
    asked = {"about": about.told} if about.value else {}
    role = visit.query.get("role", "")
    role = role if drawn and role in {one.name for one in drawn.roles} else ""
    number = _sheet_number(visit, drawn)
    chosen = ({"blad": str(number)} if number > 1 else {}) | ({"role": role} if role else {})
    table = _table(visit, view, about, drawn, role) if drawn else None

    def address(page: int) -> str:
        return visit.go(visit.path, **asked, **chosen, **numbered(visit, page))

    sheet = drawn.sheets[number - 1] if drawn else None
    return visit.page("bild", drawn.title if drawn else view.title[visit.language], view.description[visit.language],
                      crumbs=[visit.crumb("Bilder", "Pictures", "/bilder")], query=asked | chosen,
                      tables=[table] if table else [], status=status_of((about,)), view=view, about=about,
                      drawn=drawn, problem=problem, sheet=sheet,
                      inline=_marked(drawn.inlines[number - 1], role) if drawn else "", role=role, number=number,
                      table=table.part(number_of(visit)) if table else None, address=address,
                      sheets=_sheets(visit, asked, role, drawn), files=_files(visit, view, about, number))  # fmt: skip


def _sheet_number(visit: Visit, drawn: Drawn | None) -> int:
    text = visit.query.get("blad", "1")
    number = int(text) if re.fullmatch("[0-9]{1,4}", text) else 1
    return number if drawn and 1 <= number <= len(drawn.sheets) else 1


def _sheets(visit: Visit, asked: dict[str, str], role: str, drawn: Drawn | None) -> list[str]:
    """The addresses of the sheets, where there are several."""
    more = {"role": role} if role else {}
    count = len(drawn.sheets) if drawn and len(drawn.sheets) > 1 else 0
    return [visit.go(visit.path, **asked, **({"blad": str(one)} if one > 1 else {}), **more) for one in range(1, count + 1)]


def _files(visit: Visit, view: View, about: NameField, number: int) -> list[Link]:
    """The sheet in each format."""
    sheet = {"sheet": str(number)} if number > 1 else {}
    return [Link(_NAMES[name], visit.go(f"/diagrams/{view.id}.{name}", about=about.iri, **sheet)) for name in FORMATS]


def _draw(visit: Visit, view: View, about: NameField) -> Drawn:
    graph, language = visit.graph, visit.language
    made: Picture = draw(graph, view.id, about.iri, language, address=visit.address)
    style = style_of(graph.content)
    scene = scene_of(graph.store, graph.content, view, Iri(about.iri), language, style)
    used = dict.fromkeys(one.role for one in scene.links)
    roles = tuple(Role(shorten(iri), style.stroke(iri).label[language]) for iri in sorted(used, key=style.place))
    inlines = tuple(_inline(sheet.svg, visit.address, language) for sheet in made.sheets)
    return Drawn(made.title, made.sheets, inlines, roles, tuple(_rows(visit, scene, style)))


def _inline(svg: str, address: str, language: str) -> str:
    """The SVG as a part of a page: without a style and a size of its own, and with links to the pages for readers."""
    svg = _HEAD.sub(" " + _SHOWN, _LEFT_OUT.sub("", svg), count=1)
    return re.sub(rf'href="{re.escape(address)}(id/[^"]*)"', lambda found: _to(found[1], language), svg).strip()


def _to(path: str, language: str) -> str:
    iri = BASE + unquote(path.partition("#")[0])
    return f'href="{link(iri, language).replace("&", "&amp;")}"'


def _marked(svg: str, role: str) -> str:
    """The SVG with what is not in `role` (a prefixed name) set aside; all of it where no role is chosen."""
    if not role:
        return svg
    svg = re.sub(rf'class="link" (?=data-role="(?!{re.escape(role)}"))', 'class="link off" ', svg)
    return re.sub(rf'class="box" (?=data-kind="(?:role|view):)(?!data-kind="{re.escape(role)}")', 'class="box off" ', svg)


def _rows(visit: Visit, scene: Scene, style: Style) -> list[tuple[str, AnswerRow]]:
    """(role, row) for each link, with its passages, and for each thing that has none."""
    words = passages_of(visit.graph.store, visit.graph.content, (iri for one in scene.links for iri in one.evidence))
    rows, joined = [], set()
    for one in scene.links:
        joined |= {one.start, one.end}
        label, to = style.stroke(one.role).label[visit.language], scene.nodes[one.end]
        cells = {"from": _cell(scene.nodes[one.start]), "role": Cell(Literal(label), label), "to": _cell(to)}
        if notes := (*to.notes, *one.notes):
            cells["note"] = _text(", ".join(dict.fromkeys(notes)))
        rows.append((shorten(one.role), AnswerRow(cells, tuple(words[iri] for iri in one.evidence if iri in words))))
    return rows + [("", _alone(node)) for iri, node in scene.nodes.items() if iri not in joined]


def _alone(node: Node) -> AnswerRow:
    told = {"role": node.date, "note": ", ".join(node.notes)}
    return AnswerRow({"from": _cell(node)} | {name: _text(text) for name, text in told.items() if text}, ())


def _cell(node: Node) -> Cell:
    return Cell(Iri(node.iri.partition("#")[0]), node.name)


def _text(text: str) -> Cell:
    return Cell(Literal(text), text)


def _table(visit: Visit, view: View, about: NameField, drawn: Drawn, role: str) -> Table:
    first, kind, second = (heading[visit.language] for heading in view.table)
    names = {"from": first, "role": kind, "to": second, "note": visit.say("Anmärkning", "Note")}
    rows = tuple(row for of, row in drawn.rows if role in ("", of))
    return Table(drawn.title, tuple(Heading(name, label) for name, label in names.items()), rows,
                 parameters=((about.label, about.value),), empty=view.empty[visit.language])  # fmt: skip


def _examples(visit: Visit, classes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """For each class something of it that the data tells much of, as (what an address holds, label)."""
    graph = visit.graph
    documents = [*choices(visit, "restructured-documents"), *choices(visit, "documents-with-duties")]
    found = [Cell(Iri(meant(value)), label) for value, label in documents[:1]]
    duties = [duty for cell in found for duty in duties_of(graph, cell.term.value, visit.language) if duty.parts]
    if duties:
        richest = max(duties, key=lambda duty: len(duty.parts))
        found += [richest.activity, richest.parts[0].actor]
    query = bind(graph.content.lookup("classes-of"), {"thing": [cell.term for cell in found]})
    of = {(row["thing"].value, row["class"].value) for row in graph.store.select(query).rows} if found else set()
    return {kind: (shown(cell.term.value), cell.text)
            for kind in classes for cell in reversed(found) if (cell.term.value, kind) in of}  # fmt: skip


def _fitting(visit: Visit, iri: str) -> Sequence[View]:
    """The views that can be drawn of the thing."""
    graph = visit.graph
    rows = graph.store.select(bind(graph.content.lookup("classes-of"), {"thing": [Iri(iri)]})).rows
    return Views(graph.content).about({row["class"].value for row in rows})
