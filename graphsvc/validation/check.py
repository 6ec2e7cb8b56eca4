"""Checks everything, or some files in their context."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphsvc.content import Content
from graphsvc.errors import BadFile, NoRelease
from graphsvc.labels import bind
from graphsvc.namespaces import ONTOLOGY
from graphsvc.release.assemble import Progress, derive, load, silent
from graphsvc.release.build import current
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Literal, Row, fold
from graphsvc.validation import findings, report, shacl
from graphsvc.validation.results import Result


@dataclass(frozen=True)
class Checked:
    """What a check found, and the store that has the labels of what it names."""

    faults: list[Result]
    findings: list[Result]
    store: EmbeddedStore
    content: Content
    files: Sequence[Path]

    def render(self, form: str, language: str) -> str:
        """The results as text, json, turtle or html."""
        items = report.work_items([*self.faults, *self.findings], self.store, self.content, language, self.files)
        if form == "turtle":
            return report.as_ntriples(items)
        writers: dict[str, Callable[..., str]] = {
            "text": report.as_text,
            "json": report.as_json,
            "html": report.as_html,
        }
        return writers[form](items, language)


def check_all(content: Content, texts: Path | None = None, progress: Progress = silent) -> Checked:
    """Check all of `content`; with `texts`, the folder of the source texts, every quotation is looked for again."""
    store = EmbeddedStore.create()
    load(store, content, content.data, progress)
    derive(store, content, texts, progress)
    progress("Kontrollerar", 0, 1)
    return Checked(shacl.validate(store, content), findings.run(store, content), store, content, content.data)


def check_files(
    content: Content, workspace: Path, files: Sequence[Path], texts: Path | None = None, progress: Progress = silent
) -> Checked:
    """Check `files` in their context: what the current release tells of the things they name.

    The cost is that of the files. Without a release the whole content is their context.
    """
    for path in files:
        if not path.is_file():
            raise BadFile(path, "Filen finns inte.", "Ange en fil i data/sources/.")
    store = EmbeddedStore.create()
    try:
        release = current(workspace).open()
    except NoRelease:
        names = {path.name for path in files}
        load(store, content, [*files, *(path for path in content.data if path.name not in names)], progress)
    else:
        load(store, content, files, progress)
        _add_context(store, release, content)
    derive(store, content, texts, progress)
    mine = {row["thing"].value for path in files for row in _described(path, content)}
    faults = [r for r in shacl.validate(store, content) if isinstance(r.focus, Literal) or r.focus.value in mine]
    return Checked(faults, [], store, content, files)


def _described(path: Path, content: Content) -> list[Row]:
    """The things that the file describes and the terms it uses: what a fault of the file can be a fault of."""
    alone = EmbeddedStore.create()
    alone.load(path, None)
    return alone.select(content.lookup("described")).rows


def _add_context(store: EmbeddedStore, release: EmbeddedStore, content: Content) -> None:
    """Copy from `release` what it tells, outside the graphs in `store`, of the things that `store` names.

    Three rounds, so that what those things are parts of is known too, and things that share a name with them.
    """
    mine = [Iri(graph) for graph in store.graphs() if graph != ONTOLOGY]
    names = [Literal(fold(row["name"].value)) for row in store.select(content.lookup("actor-names")).rows]
    namesakes = release.select(bind(content.lookup("namesakes"), {"name": names})).rows if names else []
    asked: set[str] = set()
    wanted = {row["thing"].value for row in namesakes}
    for _ in range(3):
        wanted |= {row["thing"].value for row in store.select(content.lookup("named-things")).rows}
        if new := sorted(wanted - asked):
            query = bind(content.lookup("context"), {"thing": [Iri(iri) for iri in new], "mine": mine})
            store.load_ntriples(release.construct(query))
        asked |= wanted
    if actors := [row["thing"] for row in store.select(content.lookup("described-actors")).rows]:
        store.load_ntriples(release.construct(bind(content.lookup("references"), {"thing": actors, "mine": mine})))
