"""What every page is made from and made of: the visit that asks for it, and the page with its frame and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphsvc.graph import Graph
from graphsvc.markup import Frame, Link, local
from graphsvc.pages.tables import Table

_FORMATS = (("csv", "CSV"), ("xlsx", "Excel"), ("json", "JSON"))


@dataclass(frozen=True)
class Visit:
    """What is asked of a page: of which graph, in which language (sv or en), and with what.

    `path` is the page's path without a file ending; `parts` are the variables of the path, `query` the parameters of the
    address, each once, the language apart; `address` is the service's public address, ending in /.
    """

    graph: Graph
    language: str
    path: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    address: str = ""

    def say(self, swedish: str, english: str) -> str:
        """The one of the two in the visit's language."""
        return english if self.language == "en" else swedish

    def go(self, path: str, /, **query: str) -> str:
        """The address of another page of ours, in the visit's language; `query` may have parameters of any name."""
        return local(path, self.language, tuple(query.items()))

    def crumb(self, swedish: str, english: str, path: str) -> Link:
        """A step on the way from the start page to this one."""
        return Link(self.say(swedish, english), self.go(path))

    def page(
        self,
        template: str,
        title: str,
        description: str = "",
        *,
        crumbs: Sequence[Link] = (),
        query: Mapping[str, str] | None = None,
        tables: Sequence[Table] = (),
        canonical: str = "",
        status: int = 200,
        **values: Any,
    ) -> Page:
        """The page `template`.html with `values`.

        `query` is what its permanent link holds (what was asked with, if None); its `tables` can be downloaded.
        """
        manifest = self.graph.release.manifest
        asked = tuple((self.query if query is None else query).items())
        frame = Frame(self.language, self.path, asked, title, description, tuple(crumbs), manifest.name,
                      manifest.created, self.address, canonical=canonical)  # fmt: skip
        if tables:
            frame = replace(frame, downloads=_downloads(self, asked))
        return Page(template, frame, values, tuple(tables), status)


@dataclass(frozen=True)
class Page:
    """A page: its template and what the template shows, its frame, the tables that can be downloaded, and its status."""

    template: str
    frame: Frame
    values: Mapping[str, Any]
    tables: tuple[Table, ...] = ()
    status: int = 200


@dataclass(frozen=True)
class Moved:
    """What is asked for stands at another address of ours (from /)."""

    address: str


Maker = Callable[[Visit], Page | Moved]
"""Makes a page of a visit; BadInput, UnknownName and the other errors where it cannot."""


def _downloads(visit: Visit, query: tuple[tuple[str, str], ...]) -> tuple[Link, ...]:
    return tuple(Link(label, local(f"{visit.path}.{ending}", visit.language, query), ending) for ending, label in _FORMATS)
