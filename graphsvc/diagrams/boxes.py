"""The boxes of a picture: what stands in each and how large that makes it; the many ends of a role gathered in one list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphsvc.diagrams.fonts import BOLD, REGULAR
from graphsvc.diagrams.scene import Link, Node, Scene
from graphsvc.diagrams.style import INK, PAPER, QUIET, Look, Style
from graphsvc.diagrams.typography import lines
from graphsvc.diagrams.views import View
from graphsvc.namespaces import PREFIXES
from graphsvc.terms import sort_key

TEXT, SMALL = 9.0, 8.0
LEADING = {TEXT: 11.0, SMALL: 9.8}
PAD_X, PAD_Y = 6.0, 4.0
_INDENT = 7.0
_SEVERAL = 4
PROPOSED = {PREFIXES["status"] + "proposal", PREFIXES["status"] + "on-referral"}
_WORDS = {"sv": {"proposal": "Förslag"}, "en": {"proposal": "Proposal"}}


@dataclass(frozen=True)
class Line:
    """A line of text in a box: its size (points), weight, colour, indent, and the thing (IRI) that it links to."""

    text: str
    size: float = TEXT
    weight: int = REGULAR
    colour: str = INK
    link: str | None = None
    indent: float = 0.0


@dataclass(frozen=True)
class Box:
    """A box: `key` names it within its picture, `members` are the things (IRIs) it stands for; sizes in points."""

    key: str
    column: int
    look: Look
    proposed: bool
    lines: tuple[Line, ...]
    width: float
    height: float
    members: tuple[str, ...]
    kind: str
    date: str = ""


@dataclass(frozen=True)
class Wire:
    """A line between two boxes (keys) in a role (IRI), with what is said of it and the passages (IRIs) that say so."""

    start: str
    role: str
    end: str
    notes: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Boxes:
    """The boxes by key, in the order of the picture, the wires between them, and what the lists (keys) leave out."""

    boxes: dict[str, Box]
    wires: tuple[Wire, ...]
    left_out: dict[str, str]


def boxes_of(scene: Scene, view: View, style: Style, language: str, width_of: Callable[[int], float], room: float) -> Boxes:
    """The boxes of `scene`, each as wide as `width_of` says its column is; a list higher than `room` is bundled (points)."""
    making = _Making(style, language, width_of, room)
    listed = _listed(scene, view)
    for node in scene.nodes.values():
        if node.iri not in listed:
            making.node(node)
    for (anchor, role), links in _lists(scene, view, listed).items():
        making.gathered(anchor, role, links, scene)
    for link in scene.links:
        if not _in_list(link, view, listed):
            making.wires.append(Wire(link.start, link.role, link.end, link.notes, link.evidence))
    return Boxes(making.boxes, tuple(making.wires), making.left_out)


def columns_of(scene: Scene, view: View) -> int:
    """How many columns the boxes of `scene` take: what stands in a list stands beside what the list belongs to."""
    listed = _listed(scene, view)
    own = {node.column for node in scene.nodes.values() if node.iri not in listed}
    beside = {scene.nodes[link.start].column + 1 for link in scene.links if link.role in view.lists and link.end in listed}
    return max(own | beside, default=0) + 1


def _listed(scene: Scene, view: View) -> set[str]:
    """The things that stand in lists only, and so need no box of their own."""
    ends = {link.end for link in scene.links if link.role in view.lists}
    starts = {link.start for link in scene.links if link.role in view.gathered}
    own = {link.start for link in scene.links if link.role not in view.gathered}
    own |= {link.end for link in scene.links if link.role not in view.lists}
    return (ends | starts) - own


def _in_list(link: Link, view: View, listed: set[str]) -> bool:
    """Whether the link is told by a list: what has a box of its own gets a line to it instead."""
    return (link.role in view.lists and link.end in listed) or (link.role in view.gathered and link.start in listed)


def _lists(scene: Scene, view: View, listed: set[str]) -> dict[tuple[str, str], list[Link]]:
    """The links that share a box and a role, by those."""
    found: dict[tuple[str, str], list[Link]] = {}
    for link in scene.links:
        if _in_list(link, view, listed):
            found.setdefault((link.start if link.role in view.lists else link.end, link.role), []).append(link)
    return found


class _Making:
    """The boxes and wires made so far."""

    def __init__(self, style: Style, language: str, width_of: Callable[[int], float], room: float) -> None:
        self._style, self._language, self._width_of, self._room = style, language, width_of, room
        self.boxes: dict[str, Box] = {}
        self.wires: list[Wire] = []
        self.left_out: dict[str, str] = {}

    def node(self, node: Node) -> None:
        """A box for one thing."""
        look, wide = self._style.look(node.kind), self._width_of(node.column)
        proposed = node.status in PROPOSED
        weight = BOLD if look.shape in ("page", "bar") else REGULAR
        made = [Line(text, TEXT, weight, INK, node.iri) for text in self._broken(node.name, wide, TEXT, weight, look)]
        notes = [*([_WORDS[self._language]["proposal"]] if proposed else []), *node.notes]
        made += [
            Line(text, SMALL, REGULAR, QUIET) for note in notes for text in self._broken(note, wide, SMALL, REGULAR, look)
        ]
        self._add(node.iri, node.column, look, proposed, made, wide, (node.iri,), node.kind, node.date)

    def gathered(self, anchor: str, role: str, links: list[Link], scene: Scene) -> None:
        """A box for what `links` in `role` join the box `anchor` with, and the wire between them."""
        outward = links[0].start == anchor
        others = {(link.end if outward else link.start): link.notes for link in links}
        nodes = sorted((scene.nodes[iri] for iri in others), key=lambda node: (sort_key(node.order), sort_key(node.name)))
        stroke, column = self._style.stroke(role), scene.nodes[anchor].column + 1 if outward else nodes[0].column
        look, wide = Look("plain", PAPER, stroke.colour, {}, {}), self._width_of(column)
        head = Line(stroke.label[self._language], SMALL, BOLD, stroke.colour)
        made = [head, *self._entries([_entry(node, others) for node in nodes], wide)]
        if _height(made) > self._room:
            made = [head, *self._entries(self._bundled(anchor, role, nodes, others, scene), wide)]
        key = f"{anchor} {role}"
        self._add(key, column, look, False, made, wide, tuple(node.iri for node in nodes), role)
        evidence = tuple(sorted({proof for link in links for proof in link.evidence}))
        start, end = (anchor, key) if outward else (key, anchor)
        self.wires.append(Wire(start, role, end, (), evidence))

    def _entries(self, entries: list[tuple[str, str | None]], wide: float) -> list[Line]:
        """The lines of a list: each entry's text, broken, and where it leads."""
        return [
            Line(part, TEXT, REGULAR, INK, link, _INDENT if number else 0.0)
            for text, link in entries
            for number, part in enumerate(lines(text, wide - 2 * PAD_X - _INDENT, TEXT, REGULAR, self._language))
        ]

    def _bundled(
        self, anchor: str, role: str, ends: list[Node], said: dict[str, tuple[str, ...]], scene: Scene
    ) -> list[tuple[str, str | None]]:
        """What a list says that no page could hold by name: of a class with many in it, only how many."""
        by_kind: dict[str, list[Node]] = {}
        for node in ends:
            by_kind.setdefault(node.kind, []).append(node)
        entries: list[tuple[str, str | None]] = []
        left_out = []
        for kind, nodes in by_kind.items():
            if len(nodes) <= _SEVERAL:
                entries += [_entry(node, said) for node in nodes]
                continue
            many = f"{len(nodes)} {self._style.look(kind).many[self._language]}"
            entries.append((f"{many} …", None))
            left_out.append(f"{many} ({', '.join(node.name for node in nodes)})")
        if left_out:
            self.left_out[f"{anchor} {role}"] = f"{scene.nodes[anchor].name}: {'; '.join(left_out)}."
        return entries

    def _broken(self, text: str, wide: float, size: float, weight: int, look: Look) -> tuple[str, ...]:
        return lines(text, wide - 2 * PAD_X - sides(look), size, weight, self._language)

    def _add(
        self, key: str, column: int, look: Look, proposed: bool, made: list[Line], wide: float,
        members: tuple[str, ...], kind: str, date: str = "",
    ) -> None:  # fmt: skip
        self.boxes[key] = Box(key, column, look, proposed, tuple(made), wide, _height(made), members, kind, date)


def sides(look: Look) -> float:
    """The room that a shape takes at its sides, beyond the padding (points, both sides together)."""
    return {"bar": 5.0, "pill": 6.0, "double": 8.0, "chamfer": 6.0, "tag": 8.0, "page": 6.0}.get(look.shape, 0.0)


def _height(made: list[Line]) -> float:
    return sum(LEADING[line.size] for line in made) + 2 * PAD_Y


def _entry(node: Node, said: dict[str, tuple[str, ...]]) -> tuple[str, str | None]:
    """A thing in a list, with what is said of it and of its link (`said`, by IRI), and where it leads."""
    notes = (*node.notes, *said[node.iri])
    return (f"{node.name} ({'; '.join(notes)})" if notes else node.name), node.iri
