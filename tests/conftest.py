"""What the tests share: the shipped content, a release built from it once, and the source texts where they are at hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient

from graphsvc.cli import cli
from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.release.build import ensure
from graphsvc.remiss import Order, make
from graphsvc.search.index import NameIndex
from graphsvc.settings import Settings
from graphsvc.web.app import create_app

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
def names(graph: Graph) -> NameIndex:
    """The index of the shipped names."""
    return graph.names


@pytest.fixture(scope="module")
def client(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    """A client of the service over the shipped data; what goes wrong inside is answered, as it is to anybody."""
    with TestClient(create_app(graph, settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def run(graph: Graph, settings: Settings) -> Callable[..., Result]:
    """Runs the command line with the arguments given, over the shipped content's release."""
    return lambda *arguments: CliRunner().invoke(cli, ["--workspace", str(settings.workspace), *arguments])


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder of the source texts; the test is skipped where they are not at hand."""
    folder = Path(os.environ.get("STYRGRAF_TEXTS", ROOT.parent / "shared" / "sources"))
    if not folder.is_dir():
        pytest.skip("källtexterna finns inte här (ange deras mapp i STYRGRAF_TEXTS)")
    return folder


@pytest.fixture(scope="session")
def word_file(graph: Graph) -> bytes:
    """The whole appendix to the plan, for Word."""
    return make(graph, Order("plan för en jämlik stad", form="docx"))
