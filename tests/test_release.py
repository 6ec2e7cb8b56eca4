"""Releases: numbered, immutable, switched whole; nothing is lost when a build is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from graphsvc.content import Content
from graphsvc.errors import BadFile, NoRelease, UnsoundData
from graphsvc.graph import Graph
from graphsvc.release.build import build, current, ensure
from graphsvc.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture
def copy(tmp_path: Path) -> Content:
    """A copy of the content whose data may be changed."""
    for folder in ("ontology", "shapes", "queries"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Content(tmp_path)


def test_the_manifest_tells_what_the_release_was_built_from(graph: Graph, content: Content) -> None:
    manifest = graph.release.manifest
    assert manifest.fingerprint == content.fingerprint
    assert "data/actors.ttl" in manifest.files
    assert manifest.counts["quads"] == len(graph.store)
    assert manifest.validation["faults"] == 0
    assert manifest.name.startswith(f"{manifest.number}-")


def test_the_same_content_is_not_built_twice(graph: Graph, content: Content, settings: Settings) -> None:
    assert ensure(content, settings.workspace).manifest.number == graph.release.manifest.number


def test_the_same_content_gives_the_same_graph(graph: Graph, content: Content, tmp_path: Path) -> None:
    again = build(content, tmp_path)
    lines = [sorted((r.folder / "data.nq").read_bytes().splitlines()) for r in (graph.release, again)]
    assert lines[0] == lines[1]


def test_a_refused_build_leaves_the_release_that_was(
    copy: Content, graph: Graph, settings: Settings, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(settings.workspace, workspace)
    before = current(workspace).manifest
    plan = copy.root / "data" / "sources" / "plan-jamlik-stad-2019-2022.ttl"
    plan.write_text(plan.read_text("utf-8").replace("Ansvar: byggnadsnämnden", "Ansvar: byggnämnden"), "utf-8")
    with pytest.raises(UnsoundData, match=r"plan-jamlik-stad-2019-2022\.ttl, rad \d+") as refused:
        ensure(Content(copy.root), workspace)
    assert refused.value.count >= 1
    assert current(workspace).manifest == before
    assert not list((workspace / "releases").glob(".building-*"))


def test_a_changed_content_is_a_new_release_and_the_old_one_stays(copy: Content, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    first = build(copy, workspace)
    register = copy.root / "data" / "dataset.ttl"
    register.write_text(register.read_text("utf-8") + "\n# ändrad\n", "utf-8")
    second = ensure(Content(copy.root), workspace)
    assert (first.manifest.number, second.manifest.number) == (1, 2)
    assert current(workspace).manifest.number == 2
    assert len(first.open()) == len(second.open())


def test_without_a_release_the_way_out_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoRelease, match="graphsvc build"):
        current(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'@prefix x: <http://x/> .\nx:a x:b "\xe5" .\n', r"rad 2: Filen är inte UTF-8"),
        (b"@prefix x: <http://x/> .\nx:a x:b x:c\nx:d", r"rad 3: Filen är inte giltig Turtle"),
        (b'{"json": true}', r"inte giltig Turtle"),
        (b"@prefix x: <http://x/> .\nx:a x:b x:c .\n", r"beskriver 0 källor"),
        (
            b"<http://x/annat> a <https://w3id.org/styrgraf/ns#SourceText> .\n",
            r"Källan heter http://x/annat men filen ny\.ttl",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line_and_the_way_out(copy: Content, text: bytes, told: str) -> None:
    (copy.root / "data" / "sources" / "ny.ttl").write_bytes(text)
    with pytest.raises(BadFile, match=told):
        build(Content(copy.root), copy.root / "workspace")


def test_a_release_folder_is_complete(graph: Graph) -> None:
    manifest = json.loads((graph.release.folder / "manifest.json").read_text("utf-8"))
    assert manifest["number"] == graph.release.manifest.number
    assert (graph.release.folder / "data.nq").stat().st_size > 1_000_000
