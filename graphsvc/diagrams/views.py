"""The views as their files declare them: each .rq file in queries/views/ is a CONSTRUCT with a small header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rapidfuzz import process

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadFile, UnknownView
from graphsvc.questions.catalogue import Parameter

Texts = Mapping[str, str]
LAYOUTS = ("tree", "timeline")
ORIENTATIONS = ("portrait", "landscape", "auto")
_FIELDS = {
    "title",
    "description",
    "about",
    "orientation",
    "layout",
    "columns",
    "split",
    "list",
    "gather",
    "table",
    "empty",
    "shares",
}


@dataclass(frozen=True)
class View:
    """A view; `query` is its file's whole text, plain SPARQL that runs as it stands, on its own example.

    `about` is the thing that the view is drawn of; `orientation` that of its sheets (auto: landscape where there are many
    columns); `layout` how it is laid out (tree or timeline); `columns` the
    headings of its columns and `shares` how wide they are to one another; `split` the column whose things a dense picture
    is divided by; `lists` the roles (IRIs) whose many ends stand as one list; `table` the headings of its table.
    """

    id: str
    title: Texts
    description: Texts
    about: Parameter
    orientation: str
    layout: str
    columns: tuple[Texts, ...]
    shares: tuple[float, ...]
    split: int
    lists: frozenset[str]
    gathered: frozenset[str]
    table: tuple[Texts, Texts, Texts]
    empty: Texts
    query: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What the view can be asked of."""
        return (self.about,)


class Views:
    """All views of the content, by id."""

    def __init__(self, content: Content) -> None:
        self._content = content

    @cached_property
    def _views(self) -> dict[str, View]:
        return {path.stem: _read(path) for path in self._content.queries("views")}

    def __iter__(self) -> Iterator[View]:
        return iter(self._views.values())

    def __getitem__(self, name: str) -> View:
        """The view with the id `name`; UnknownView with the nearest ids if there is none."""
        if name not in self._views:
            near = process.extract(name, list(self._views), limit=3, score_cutoff=50)
            raise UnknownView(name, [choice for choice, *_ in near])
        return self._views[name]

    def about(self, classes: set[str]) -> list[View]:
        """The views that may be drawn of a thing of `classes` (IRIs, with their superclasses)."""
        return [view for view in self if view.about.of in classes]


def _read(path: Path) -> View:
    header, query = headers.read(path)
    unknown = set(header) - _FIELDS
    if unknown:
        raise BadFile(
            path, f"Huvudet har okända fält: {', '.join(sorted(unknown))}.", f"Fälten är {', '.join(sorted(_FIELDS))}."
        )
    columns = tuple(headers.translated({"column": column}, "column", path) for column in header.get("columns") or [])
    table = header.get("table") or {}
    first, role, second = (headers.translated(table, name, path) for name in ("from", "role", "to"))
    return View(
        id=path.stem,
        title=headers.translated(header, "title", path),
        description=headers.translated(header, "description", path),
        about=_about(path, query, header),
        orientation=_one_of(path, header, "orientation", ORIENTATIONS),
        layout=_one_of(path, header, "layout", LAYOUTS),
        columns=columns,
        shares=tuple(float(share) for share in header.get("shares") or ()) or (1.0,) * max(len(columns), 1),
        split=int(header.get("split", 1)),
        lists=frozenset(headers.expanded(path, str(role)) for role in header.get("list") or []),
        gathered=frozenset(headers.expanded(path, str(role)) for role in header.get("gather") or []),
        table=(first, role, second),
        empty=headers.translated(header, "empty", path),
        query=query,
    )


def _about(path: Path, query: str, header: Mapping[str, Any]) -> Parameter:
    given = header.get("about")
    if not isinstance(given, dict) or "of" not in given:
        raise BadFile(path, "Huvudet saknar about.", "Skriv about: {of: styr:Document, label: {sv: …, en: …}}.")
    if not re.search(r"VALUES\s+\?about\s*\{", query):
        raise BadFile(path, "Vyn saknar VALUES ?about { … }.", "Skriv blocket med ett exempel.")
    return Parameter(
        "about", "thing", headers.translated(given, "label", path), headers.expanded(path, str(given["of"])), True
    )


def _one_of(path: Path, header: Mapping[str, Any], field: str, choices: tuple[str, ...]) -> str:
    value = str(header.get(field, choices[0]))
    if value not in choices:
        raise BadFile(path, f"{field} är {value}.", f"Välj bland {', '.join(choices)}.")
    return value
