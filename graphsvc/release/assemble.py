"""Assembles the graph: the files as named graphs, and the default graph with everything that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from graphsvc import evidence
from graphsvc.content import Content
from graphsvc.namespaces import ONTOLOGY
from graphsvc.store.embedded import EmbeddedStore

Progress = Callable[[str, int, int], None]


def silent(step: str, done: int, total: int) -> None:
    """A progress report for those who do not look: the step, and how many of how many are done."""


def load(store: EmbeddedStore, content: Content, data: Iterable[Path], progress: Progress = silent) -> dict[Path, int]:
    """Read the ontology and the `data` files into their named graphs; the number of triples of each file.

    BadFile where one cannot be read or does not say which graph it is.
    """
    counts = {path: store.load(path, ONTOLOGY) for path in content.ontology}
    files = list(data)
    for done, path in enumerate(files):
        progress("Läser", done, len(files))
        counts[path] = store.load_declared(path, stem_is_slug=path.parent.name == "sources")
    store.merge_graphs()
    return counts


def derive(store: EmbeddedStore, content: Content, texts: Path | None = None, progress: Progress = silent) -> EmbeddedStore:
    """Add to the default graph what the quotations prove and what queries/derive/ says follows; `store` itself."""
    read = evidence.read_texts(store, content, texts) if texts else None
    store.load_ntriples(evidence.facts(store, content, read))
    steps = content.queries("derive")
    for done, path in enumerate(steps):
        progress("Härleder", done, len(steps))
        store.derive(path.read_text("utf-8"))
    return store
