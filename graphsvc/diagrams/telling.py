"""What a sheet shows, in words: as a colleague would tell it on the telephone, and as a table."""

from __future__ import annotations

from collections.abc import Iterable

from graphsvc.diagrams.boxes import Boxes
from graphsvc.diagrams.picture import Table
from graphsvc.diagrams.scene import Link, Scene
from graphsvc.diagrams.style import Style
from graphsvc.diagrams.views import View
from graphsvc.terms import typeset

_AND = {"sv": " och ", "en": " and "}
_SHOWN = {"sv": "Bilden visar {0}.", "en": "The picture shows {0}."}
_SHEET = {"sv": "Det här är blad {0} av {1}.", "en": "This is sheet {0} of {1}."}
_LEFT = {"sv": "Utelämnat: {0}", "en": "Left out: {0}"}
_NONE = {"sv": "–", "en": "–"}


def listed(texts: Iterable[str], language: str) -> str:
    """`texts` as a list in running text: a, b och c."""
    *first, last = list(texts) or [""]
    return _AND[language].join(([", ".join(first)] if first else []) + [last])


def shown(scene: Scene, made: Boxes) -> Scene:
    """The part of `scene` that stands in the boxes `made`, with the links that its wires and lists stand for."""
    wired = {(wire.start, wire.role, wire.end) for wire in made.wires}
    members = {key: set(box.members) for key, box in made.boxes.items()}
    things = {iri for mine in members.values() for iri in mine}
    links = tuple(link for link in scene.links if (link.start, link.role, link.end) in wired
                  or (link.start in things and link.end in members.get(f"{link.start} {link.role}", ()))
                  or (link.end in things and link.start in members.get(f"{link.end} {link.role}", ())))  # fmt: skip
    return Scene(scene.only(things).nodes, links)


def description(
    scene: Scene, view: View, style: Style, language: str, sheet: tuple[int, int], left_out: tuple[str, ...]
) -> str:
    """The long description: what is counted, which sheet it is, then each link in a sentence, and what is left out."""
    told = [view.description[language], _SHOWN[language].format(_counted(scene, style, language))]
    if sheet[1] > 1:
        told.append(_SHEET[language].format(*sheet))
    told += _sentences(scene, view, style, language)
    told += _alone(scene)
    if left_out:
        told.append(_LEFT[language].format(" ".join(left_out)))
    return typeset(" ".join(told))


def _counted(scene: Scene, style: Style, language: str) -> str:
    counts: dict[str, int] = {}
    for node in scene.nodes.values():
        counts[node.kind] = counts.get(node.kind, 0) + 1
    words = []
    for kind, count in counts.items():
        look = style.look(kind)
        words.append(f"{count} {look.one[language] if count == 1 else look.many[language]}")
    return listed(words, language)


def _sentences(scene: Scene, view: View, style: Style, language: str) -> list[str]:
    """A sentence for each thing and role, with all that it is linked to in that role."""
    found: dict[tuple[str, str], list[Link]] = {}
    for link in scene.links:
        found.setdefault((link.end if link.role in view.gathered else link.start, link.role), []).append(link)
    told = []
    for (one, role), links in found.items():
        many = listed([_named(scene, link.start if role in view.gathered else link.end, link) for link in links], language)
        names = (
            {"from": many, "to": quoted(scene.nodes[one].name, language)}
            if role in view.gathered
            else {"from": quoted(scene.nodes[one].name, language), "to": many}
        )
        sentence = style.stroke(role).sentence[language].format(**names)
        told.append(sentence[:1].upper() + sentence[1:])
    return told


def quoted(text: str, language: str) -> str:
    """`text` in the quotation marks of the language."""
    return f"“{text}”" if language == "en" else f"”{text}”"


def _named(scene: Scene, iri: str, link: Link) -> str:
    node = scene.nodes[iri]
    told = [*node.notes, *link.notes]
    return f"{node.name} ({', '.join(told)})" if told else node.name


def _alone(scene: Scene) -> list[str]:
    """What has no link, each with what is said of it."""
    joined = {iri for link in scene.links for iri in (link.start, link.end)}
    told = []
    for node in scene.nodes.values():
        if node.iri not in joined:
            told.append(
                f"{node.date + ': ' if node.date else ''}{node.name}{': ' + ', '.join(node.notes) if node.notes else ''}."
            )
    return told


def table(scene: Scene, view: View, style: Style, language: str) -> Table:
    """The same as the picture: a row for each link, and for each thing that has none."""
    first, role, second = (heading[language] for heading in view.table)
    rows = [
        (_cell(scene, link.start), style.stroke(link.role).label[language], _named(scene, link.end, link))
        for link in scene.links
    ]
    joined = {iri for link in scene.links for iri in (link.start, link.end)}
    rows += [
        (node.name, node.date or _NONE[language], ", ".join(node.notes) or _NONE[language])
        for node in scene.nodes.values()
        if node.iri not in joined
    ]
    return Table((first, role, second), tuple((typeset(a), typeset(b), typeset(c)) for a, b, c in rows))


def _cell(scene: Scene, iri: str) -> str:
    return scene.nodes[iri].name
