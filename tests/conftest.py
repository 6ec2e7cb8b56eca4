"""What the tests share: the shipped content, a release built from it once, and the source texts where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.release.build import ensure
from graphsvc.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def content() -> Content:
    """The shipped content."""
    return Content(ROOT)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a workspace of the tests' own."""
    return Settings(content=ROOT, workspace=tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="session")
def graph(content: Content, settings: Settings) -> Graph:
    """The shipped content, built."""
    return Graph(content, ensure(content, settings.workspace))


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder of the source texts; the test is skipped where they are not at hand."""
    folder = Path(os.environ.get("STYRGRAF_TEXTS", ROOT.parent / "shared" / "sources"))
    if not folder.is_dir():
        pytest.skip("källtexterna finns inte här (ange deras mapp i STYRGRAF_TEXTS)")
    return folder
