"""What is in a picture: the things and the links that a view's query gives, before anything is laid out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphsvc.content import Content
from graphsvc.diagrams.style import Style
from graphsvc.diagrams.views import View
from graphsvc.errors import AnswerTooLarge
from graphsvc.labels import bind, labels_of
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, Row, Term, sort_key

MOST_THINGS = 3000


@dataclass(frozen=True)
class Node:
    """A thing in the picture: its IRI, class (IRI), column (from 0), place in the order, name and small lines under it.

    `status` is the IRI of its status, or None; `date` what a timeline places it by.
    """

    iri: str
    kind: str
    column: int
    order: str
    name: str
    notes: tuple[str, ...] = ()
    status: str | None = None
    date: str = ""


@dataclass(frozen=True)
class Link:
    """A link from one thing to another (IRIs) in a role (IRI), what is said of it, and the passages (IRIs) that say so."""

    start: str
    role: str
    end: str
    notes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """The things by IRI, in the order of the picture, and the links between them, in that order too."""

    nodes: dict[str, Node]
    links: tuple[Link, ...]

    def only(self, kept: Iterable[str]) -> Scene:
        """The things whose IRIs are `kept`, and the links between them."""
        chosen = set(kept)
        nodes = {iri: node for iri, node in self.nodes.items() if iri in chosen}
        return Scene(nodes, tuple(link for link in self.links if link.start in chosen and link.end in chosen))


def scene_of(store: Store, content: Content, view: View, about: Iri, language: str, style: Style) -> Scene:
    """What `view` shows of the thing `about`, roles in the order of `style`; AnswerTooLarge past what sheets can hold."""
    own = EmbeddedStore.create()
    own.load_ntriples(store.construct(bind(view.query, {"about": [about]})))
    rows = own.select(content.lookup("view-nodes")).rows
    things = {row["thing"].value for row in rows}
    if len(things) > MOST_THINGS:
        raise AnswerTooLarge(
            f"Vyn {view.id} har {len(things)} delar här; {MOST_THINGS} är det mesta som ritas. Välj något mindre.",
            f"The view {view.id} has {len(things)} parts here; {MOST_THINGS} are the most that are drawn. Choose less.",
        )
    labels = labels_of(store, content, things, language)
    nodes = {node.iri: node for node in sorted(_nodes(rows, labels, language), key=_place)}
    return Scene(nodes, _links(own.select(content.lookup("view-edges")).rows, nodes, language, style))


def _nodes(rows: list[Row], labels: dict[str, str], language: str) -> list[Node]:
    told: dict[str, list[Row]] = {}
    for row in rows:
        told.setdefault(row["thing"].value, []).append(row)
    return [_node(iri, mine, labels, language) for iri, mine in told.items()]


def _node(iri: str, rows: list[Row], labels: dict[str, str], language: str) -> Node:
    status = _least(rows, "status")
    return Node(
        iri=iri,
        kind=_least(rows, "class") or "",
        column=min(int(float(row["column"].value)) for row in rows),
        order=_least(rows, "order") or "",
        name=_text(rows, "name", language) or labels.get(iri, iri.rsplit("/", 1)[-1]),
        notes=_texts(rows, "note", language),
        status=status,
        date=_least(rows, "date") or "",
    )


def _links(rows: list[Row], nodes: dict[str, Node], language: str, style: Style) -> tuple[Link, ...]:
    told: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row["from"].value in nodes and row["to"].value in nodes:
            told.setdefault((row["from"].value, row["role"].value, row["to"].value), []).append(row)
    place = {iri: number for number, iri in enumerate(nodes)}
    return tuple(
        Link(*key, _texts(told[key], "note", language), _all(told[key], "evidence"))
        for key in _in_depth(sorted(told, key=lambda key: (place[key[0]], style.place(key[1]), place[key[2]])))
    )


def _in_depth(keys: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Links (from, role, to) so that what a link leads to is told before the next link is."""
    after: dict[str, list[tuple[str, str, str]]] = {}
    for key in keys:
        after.setdefault(key[0], []).append(key)
    ends = {end for _, _, end in keys}
    told: dict[tuple[str, str, str], None] = {}
    waiting = [
        key
        for start in reversed([*after, *(start for start in after if start not in ends)])
        for key in reversed(after[start])
    ]
    while waiting:
        key = waiting.pop()
        if key not in told:
            told[key] = None
            waiting += reversed(after.get(key[2], []))
    return list(told)


def _place(node: Node) -> tuple[int, tuple[str, str], tuple[str, str], str]:
    return node.column, sort_key(node.order), sort_key(node.name), node.iri


def _all(rows: list[Row], name: str) -> tuple[str, ...]:
    return tuple(sorted({row[name].value for row in rows if name in row}))


def _least(rows: list[Row], name: str) -> str | None:
    return min(_all(rows, name), default=None)


def _texts(rows: list[Row], name: str, language: str) -> tuple[str, ...]:
    """The distinct texts in `language` or in none, otherwise in Swedish, in order."""
    texts = {row[name] for row in rows if name in row}
    found = [term for term in texts if _fits(term, language)] or [term for term in texts if _fits(term, "sv")]
    return tuple(sorted({term.value for term in found}, key=sort_key))


def _text(rows: list[Row], name: str, language: str) -> str:
    return next(iter(_texts(rows, name, language)), "")


def _fits(term: Term, language: str) -> bool:
    return isinstance(term, Literal) and term.language in (language, "")
