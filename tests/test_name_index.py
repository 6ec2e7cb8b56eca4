"""The index of names: that it is whole, comes with each release, and can be had in this Python."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from graphsvc.content import Content
from graphsvc.errors import NamesMissed, NoFullText
from graphsvc.graph import Graph
from graphsvc.namespaces import STYR
from graphsvc.release.build import Release
from graphsvc.search import build, gather
from graphsvc.search.index import NameIndex
from graphsvc.store.interface import Table
from graphsvc.terms import Iri, Literal


def test_a_release_comes_with_its_index_and_the_index_is_only_read(graph: Graph) -> None:
    assert isinstance(graph.release, Release)
    path = graph.release.folder / build.FILE
    before = path.read_bytes()
    NameIndex(path).search("byggnadsnämnden")
    assert path.read_bytes() == before
    assert sorted(path.parent.glob("names.sqlite*")) == [path]


def test_the_index_holds_every_named_thing_but_claims_and_statements(graph: Graph) -> None:
    query = """SELECT DISTINCT ?thing WHERE { ?thing rdfs:label ?label ; a ?class
               FILTER(STRSTARTS(STR(?thing), "https://w3id.org/styrgraf/id/")) MINUS { ?thing a rdf:Statement }
               MINUS { ?thing a styr:ResponsibilityStatement } }"""
    expected = {row["thing"].value for row in graph.store.select(query).rows}
    with sqlite3.connect(graph.release.folder / build.FILE) as base:
        assert {iri for (iri,) in base.execute("SELECT iri FROM thing")} == expected
    base.close()


def test_a_release_that_came_without_an_index_gets_one(graph: Graph, tmp_path: Path) -> None:
    path = build.ensure(graph.store, graph.content, tmp_path)
    assert NameIndex(path).search("KS")[0].label == "Kommunstyrelsen"
    written = path.stat().st_mtime_ns
    assert build.ensure(graph.store, graph.content, tmp_path).stat().st_mtime_ns == written
    assert list(tmp_path.iterdir()) == [path]
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 0")
    base.close()
    assert NameIndex(build.ensure(graph.store, graph.content, tmp_path)).search("KS")
    assert path.stat().st_mtime_ns > written


def test_a_new_release_has_the_new_names(content: Content, tmp_path: Path) -> None:
    root = tmp_path / "content"
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(content.root / folder, root / folder)
    from graphsvc.release.build import ensure

    workspace = tmp_path / "workspace"
    actors = root / "data" / "actors.ttl"
    text = actors.read_text("utf-8")
    assert '"Higab AB"@sv' in text
    actors.write_text(text.replace('"Higab AB"@sv', '"Higab AB"@sv , "Kvasthusbolaget"@sv'), "utf-8")
    changed = Content(root)
    hit = Graph(changed, ensure(changed, workspace)).names.search("kvasthusbolaget")[0]
    assert (hit.label, hit.name) == ("Higab", "Kvasthusbolaget")


class _Changing:
    """A store that gives fewer things than it counts."""

    def select(self, query: str) -> Table:
        if "COUNT" in query:
            return Table(["things"], [{"things": Literal("3")}])
        rows = [] if "OFFSET 0" not in query else [{"thing": Iri("https://w3id.org/styrgraf/id/a")}]
        return Table(["thing"], list(rows))


def test_a_store_that_gives_only_some_is_not_indexed(content: Content) -> None:
    with pytest.raises(NamesMissed, match="1 av 3"):
        list(gather.things_of(_Changing(), content, STYR + "Actor"))  # type: ignore[arg-type]


def test_a_python_without_full_text_search_is_told_so(monkeypatch: pytest.MonkeyPatch, graph: Graph, tmp_path: Path) -> None:
    class Lacking(sqlite3.Connection):
        def execute(self, sql: str, *given: object) -> sqlite3.Cursor:  # type: ignore[override]
            raise sqlite3.OperationalError("no such module: fts5")

    real = sqlite3.connect
    monkeypatch.setattr(build.sqlite3, "connect", lambda path: real(path, factory=Lacking))
    with pytest.raises(NoFullText, match="FTS5"):
        build.build(graph.store, graph.content, tmp_path / "names.sqlite")
    assert list(tmp_path.iterdir()) == []
