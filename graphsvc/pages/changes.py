"""What a release has that the one before it had not, by what lies beside both: their manifests and their addresses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from graphsvc.graph import Graph
from graphsvc.labels import labels_of
from graphsvc.namespaces import PREFIXES
from graphsvc.questions.run import Cell
from graphsvc.release.build import Manifest
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, sort_key

_ADDRESSES, _MANIFEST = "addresses.txt", "manifest.json"
_MOST_NAMED, _LOOKED_AT = 12, 400


@dataclass(frozen=True)
class Changes:
    """Since the release `before`, built on `since` (a date): how many things are new and gone, some of the new ones by name,
    and how many files of sources and of the register were changed."""

    before: str
    since: str
    new: int
    gone: int
    named: tuple[Cell, ...]
    sources: int

    @property
    def any(self) -> bool:
        """Whether anything that a reader sees is different."""
        return bool(self.new or self.gone or self.sources)


def changes(graph: Graph, language: str, store: Store | None = None) -> Changes | None:
    """What changed since the release before; None where there is none beside this one. `store` is where names are read."""
    before = _before(graph.release.folder)
    if before is None:
        return None
    manifest = Manifest(**json.loads((before / _MANIFEST).read_text("utf-8")))
    new, gone, some = _differences(graph.release.folder, before)
    labels = labels_of(store or graph.store, graph.content, some, language)
    named = sorted((Cell(Iri(iri), labels[iri]) for iri in some if iri in labels), key=lambda cell: sort_key(cell.text))
    files = graph.release.manifest.files
    touched = {path for path in files.keys() | manifest.files.keys() if files.get(path) != manifest.files.get(path)}
    sources = sum(path.startswith("data/") and path.endswith(".ttl") for path in touched)
    return Changes(manifest.name, manifest.created, new, gone, tuple(named[:_MOST_NAMED]), sources)


def _before(folder: Path) -> Path | None:
    """The folder of the release with the highest number below this one's, if it has what is compared."""
    if not folder.name.isdigit() or not (folder / _ADDRESSES).is_file():
        return None
    numbers = sorted((int(path.name) for path in folder.parent.iterdir() if path.name.isdigit()), reverse=True)
    earlier = (folder.parent / str(number) for number in numbers if number < int(folder.name))
    return next((path for path in earlier if (path / _ADDRESSES).is_file() and (path / _MANIFEST).is_file()), None)


@lru_cache(maxsize=4)
def _differences(folder: Path, before: Path) -> tuple[int, int, tuple[str, ...]]:
    """How many addresses are new and how many gone, and some of the new; both lists are sorted, and read as they come."""
    new = gone = 0
    some: list[str] = []
    with (folder / _ADDRESSES).open("rb") as these, (before / _ADDRESSES).open("rb") as those:
        for line, is_new in _merged(iter(these), iter(those)):
            iri = line.decode().strip()
            if not iri.startswith(PREFIXES["id"]) or "/source/" in iri or "#" in iri:
                continue  # claims, statements and passages lie under their source
            new, gone = new + is_new, gone + (not is_new)
            if is_new and len(some) < _LOOKED_AT:
                some.append(iri)
    return new, gone, tuple(some)


def _merged(these: Iterator[bytes], those: Iterator[bytes]) -> Iterable[tuple[bytes, bool]]:
    """The lines that only one of two sorted files has, and whether it is the first."""
    this, that = next(these, b""), next(those, b"")
    while this or that:
        if this == that:
            this, that = next(these, b""), next(those, b"")
        elif this and (not that or this < that):
            yield this, True
            this = next(these, b"")
        else:
            yield that, False
            that = next(those, b"")
