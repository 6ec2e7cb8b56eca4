"""The service over remote engines: real servers give the embedded engine's answers, and one release or another whole."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from fastapi.testclient import TestClient
from remote_servers import oxigraph, virtuoso

from graphsvc.cli import cli
from graphsvc.content import Content
from graphsvc.errors import AnswerTooLarge, NoRelease, RemoteDenied, RemoteGarbled, UnknownFormat
from graphsvc.formats import GRAPHS, RESULTS, Format
from graphsvc.graph import Graph, load_remote, open_remote
from graphsvc.labels import bind, labels_of
from graphsvc.linked import ontology
from graphsvc.questions.names import choices
from graphsvc.questions.run import Answer
from graphsvc.release.build import Manifest, Release
from graphsvc.release.remote import RemoteRelease
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.guard import tokens_only
from graphsvc.store.interface import Store
from graphsvc.store.remote import Remote
from graphsvc.web import serving
from graphsvc.web.app import create_app

ROOT = Path(__file__).parent.parent
Server = Callable[[Path, Settings], AbstractContextManager[Settings]]
SERVERS: dict[str, Server] = {
    "oxigraph-by-update": lambda folder, settings: oxigraph(folder, settings, graph_store=False),
    "oxigraph-by-graph-store": lambda folder, settings: oxigraph(folder, settings, graph_store=True),
    "virtuoso": virtuoso,
}
STEMS = sorted(path.stem for path in (ROOT / "queries" / "questions").glob("*.rq"))
CASES = [
    (path.stem, {name: str(value) for name, value in (case.get("given") or {}).items()})
    for path in sorted((ROOT / "tests" / "queries" / "questions").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
AT_BUILD = {"context", "described-actors", "homes", "passages", "proofs", "references", "statistics-graphs"}


@pytest.fixture(scope="module", params=SERVERS)
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> Iterator[Settings]:
    """The settings of a real server that has no release yet."""
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param), settings) as at:
        yield at


@pytest.fixture(scope="module")
def remote(there: Settings, graph: Graph) -> Graph:
    """The shipped release, in a real server."""
    assert isinstance(graph.release, Release)
    load_remote(there, graph.release)
    return open_remote(there)


@pytest.fixture(params=[name for name in SERVERS if name != "oxigraph-by-graph-store"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[Settings]:
    """The settings of a real server of the test's own, and a workspace of its own."""
    with SERVERS[request.param](tmp_path, replace(settings, workspace=tmp_path / "workspace")) as at:
        yield at


def test_the_shipped_release_is_there_whole(remote: Graph, graph: Graph) -> None:
    assert remote.release.manifest == graph.release.manifest
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert remote.store.select(query).rows == graph.store.select(query).rows


@pytest.mark.parametrize("stem", STEMS)
def test_a_question_as_its_file_stands_has_the_same_answer(remote: Graph, graph: Graph, stem: str) -> None:
    expected = _rows(graph.store, graph.questions[stem].query)
    assert expected
    assert _rows(remote.store, graph.questions[stem].query) == expected


@pytest.mark.parametrize(("stem", "given"), CASES, ids=[f"{stem}-{n}" for n, (stem, _) in enumerate(CASES)])
def test_a_question_of_a_case_has_the_same_answer(remote: Graph, graph: Graph, stem: str, given: dict[str, str]) -> None:
    assert _told(remote.answer(stem, given)) == _told(graph.answer(stem, given))


@pytest.mark.parametrize("name", ["by-name", "choices", "evidence", "labels", "namesakes", "source-texts"])
def test_a_lookup_has_the_same_answer(remote: Graph, graph: Graph, name: str) -> None:
    lookup = graph.content.lookup(name)
    evidence = graph.store.select("SELECT ?e WHERE { ?t styr:evidence ?e } ORDER BY ?e LIMIT 50").rows
    query = bind(lookup, {"evidence": [row["e"] for row in evidence]})
    expected = _rows(graph.store, query)
    assert expected
    assert _rows(remote.store, query) == expected


def test_labels_choices_and_the_ontology_are_the_same(remote: Graph, graph: Graph) -> None:
    parameter = graph.questions["activities-involving-actor"].parameter("actor")
    chosen = choices(graph.store, graph.content, parameter, "sv")
    assert choices(remote.store, graph.content, parameter, "sv") == chosen
    iris = [iri for iri, _ in chosen]
    assert labels_of(remote.store, graph.content, iris, "en") == labels_of(graph.store, graph.content, iris, "en")
    assert ontology.sections(remote.store, graph.content, "sv") == ontology.sections(graph.store, graph.content, "sv")


def test_every_format_is_as_the_embedded_engine_writes_it(remote: Graph, graph: Graph) -> None:
    ask, none = "ASK { ?s a styr:Plan }", "ASK { ?s a styr:Nothing }"
    values = "SELECT ?d ?b WHERE { ?x styr:untilFurtherNotice ?b ; rdfs:label ?d FILTER(LANG(?d) = 'sv') } ORDER BY ?d"
    for name in RESULTS:
        for query in (ask, none, values):
            ours, theirs = (store.answer(query, Format(name)) for store in (graph.store, remote.store))
            assert _same(name, ours, theirs), (name, query)
    triples = "CONSTRUCT { ?x dcterms:title ?t } WHERE { ?x a styr:Plan ; dcterms:title ?t }"
    assert sorted(remote.store.construct(triples).splitlines()) == sorted(graph.store.construct(triples).splitlines())
    for name in GRAPHS:
        assert remote.store.answer(triples, Format(name))
    with pytest.raises(UnknownFormat):
        remote.store.answer(triples, Format("csv"))
    with pytest.raises(UnknownFormat):
        remote.store.answer(ask, Format("ttl"))


@pytest.mark.parametrize("query", ["SELECT * WHERE { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_an_answer_is_whole_or_an_error(remote: Graph, graph: Graph, query: str) -> None:
    form = Format("nt" if query.startswith("CONSTRUCT") else "csv")
    try:
        answer = remote.store.answer(query, form)
    except AnswerTooLarge as error:
        assert "10000" in str(error)
    else:
        assert sorted(answer.splitlines()) == sorted(graph.store.answer(query, form).splitlines())


def test_thousands_of_blank_lines_and_prefixes_are_no_harm(remote: Graph) -> None:
    query = "PREFIX a:<x> " * 500 + "\n" * 50_000 + "# nothing\n" * 5_000 + "ASK { ?s a styr:Plan }"
    assert json.loads(remote.store.answer(query, Format("json")))["boolean"] is True


def test_the_same_release_is_not_loaded_again(
    there: Settings, remote: Graph, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Remote, "update", lambda *_: pytest.fail("wrote"))
    assert isinstance(graph.release, Release)
    assert load_remote(there, graph.release).manifest == remote.release.manifest


@pytest.mark.parametrize("there", [name for name in SERVERS if name == "virtuoso"], indirect=True)
def test_wrong_credentials_are_said(there: Settings, remote: Graph, graph: Graph) -> None:
    wrong = replace(there, password="fel-losenord")
    release = remote.release
    assert isinstance(release, RemoteRelease)
    with pytest.raises(RemoteDenied) as refused:
        open_remote(wrong).release.remote.update("CLEAR SILENT GRAPH <https://example.org/nothing>")  # type: ignore[union-attr]
    assert "fel-losenord" not in str(refused.value)
    assert open_remote(there).release.manifest == release.manifest


def test_the_service_over_it_is_the_same(there: Settings, remote: Graph, graph: Graph, settings: Settings) -> None:
    paths = [
        "/api/questions/activities-involving-actor?actor=framtiden",
        "/api/questions/activities-involving-actor?actor=bygnadsnämden",
        "/sparql?format=csv&query=SELECT ?n WHERE { ?x a styr:Plan ; rdfs:label ?n } ORDER BY ?n",
        "/sparql?format=nt&query=CONSTRUCT WHERE { ?x a styr:Programme }",
        "/ns?lang=sv",
        "/.well-known/void?format=nt",
        "/data.nq.gz",
        "/id/goteborg/actor/kommunstyrelsen.nt",
        "/id/goteborg/document/plan-for-en-jamlik-stad-2019-2022.nt",
    ]
    with TestClient(create_app(graph, settings)) as ours, TestClient(create_app(remote, there)) as theirs:
        for path in paths:
            expected, found = ours.get(path), theirs.get(path)
            assert (found.status_code, sorted(found.content.splitlines())) == (
                expected.status_code,
                sorted(expected.content.splitlines()),
            ), path
        assert theirs.get("/readyz").json()["release"] == remote.release.manifest.name
        for query in ("DROP ALL", "define get:soft 'soft' SELECT * { ?s ?p ?o }", "SELECT ?x { BIND(bif:rnd(9) AS ?x) }",
                      "SELECT * FROM <http://www.openlinksw.com/schemas/virtrdf#> { ?s ?p ?o }",
                      "SELECT * { GRAPH ?g { ?s ?p ?o } }", "SELECT * { SERVICE <http://127.0.0.1:9/> {} }"):  # fmt: skip
            assert theirs.get("/sparql", params={"query": query}).status_code in (400, 403), query


def test_one_that_was_built_elsewhere_tells_what_was_counted_there(
    there: Settings, remote: Graph, graph: Graph, tmp_path: Path
) -> None:
    elsewhere = open_remote(replace(there, workspace=tmp_path))
    counted = elsewhere.release.counted()
    assert counted is not None
    assert sorted(set(counted.splitlines())) == sorted(set((graph.release.counted() or b"").splitlines()))
    with TestClient(create_app(elsewhere, there)) as client:
        void = client.get("/.well-known/void", params={"format": "nt"}).text
        assert "distinctSubjects" in void
        assert "dataDump" not in void
        catalogue = client.get("/catalog", params={"format": "nt"}).text
        assert "catalog#sparql>" in catalogue
        assert "/data.nq" not in catalogue
        for name in ("nq", "trig", "nq.gz", "trig.gz"):
            refused = client.get(f"/data.{name}")
            assert (refused.status_code, refused.json()["title"]) == (404, "no-release")
            assert "/sparql" in refused.json()["detail"]


def test_readers_see_one_whole_release_or_another(empty: Settings, tmp_path: Path) -> None:
    size, rounds = 300, 6
    load_remote(empty, _release(tmp_path, 1, size))
    seen: list[tuple[int, set[str]]] = []
    troubles: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                rows = open_remote(empty).store.select("SELECT ?o WHERE { ?s <urn:says> ?o }").rows
            except BaseException as error:
                troubles.append(error)
                return
            seen.append((len(rows), {row["o"].value for row in rows}))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for number in range(2, rounds + 1):
            load_remote(empty, _release(tmp_path, number, size))
            already = len(seen)
            while len(seen) < already + 8 and not troubles:
                done.wait(0.01)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert not troubles
    assert {(count, len(values)) for count, values in seen} == {(size, 1)}
    assert len({value for _, values in seen for value in values}) >= 2, "no reader met a switch"


def test_the_release_before_is_kept_and_older_ones_are_not(empty: Settings, tmp_path: Path) -> None:
    query = "SELECT ?o WHERE { ?s <urn:says> ?o }"
    stores = [load_remote(empty, _release(tmp_path, number, 2)).open() for number in (1, 2, 3)]
    assert [len(store.select(query).rows) for store in stores[1:]] == [2, 2]
    with pytest.raises(RemoteGarbled, match="har inte kvar"):
        stores[0].select(query)
    assert open_remote(empty).release.manifest.number == 3


def test_a_number_that_is_taken_there_is_not_taken_again(empty: Settings, tmp_path: Path) -> None:
    load_remote(empty, _release(tmp_path, 7, 2))
    again = load_remote(empty, _release(tmp_path, 1, 2))
    assert again.manifest.number == 8
    assert open_remote(empty).release.manifest == again.manifest


def test_readers_stay_where_they_are_when_a_load_fails(
    empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NoRelease):
        open_remote(empty)
    load_remote(empty, _release(tmp_path, 1, 5))
    whole = {"put": Remote.put, "update": Remote.update}
    with monkeypatch.context() as broken:
        broken.setattr(Remote, "put", lambda self, graph, triples, **how: whole["put"](self, graph, triples[:-40], **how))
        broken.setattr(
            Remote, "update", lambda self, text: whole["update"](self, text.replace('"2-4"', '"2-3"').replace("/4>", "/3>"))
        )
        with pytest.raises(Exception, match="tripplar|tolkas|svarade 500"):
            load_remote(empty, _release(tmp_path, 2, 5))
    assert open_remote(empty).release.manifest.number == 1
    assert len(open_remote(empty).store.select("SELECT ?o WHERE { ?s <urn:says> ?o }").rows) == 5


def test_the_service_follows_a_switch(
    empty: Settings, tmp_path: Path, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_LOOK_SECONDS", 0.05)
    load_remote(empty, _release(tmp_path, 1, 2))
    with TestClient(create_app(open_remote(empty), empty)) as client:
        assert client.get("/readyz").json()["release"].startswith("1-")
        load_remote(empty, _release(tmp_path, 2, 2))
        met = threading.Event()
        for _ in range(400):
            if client.get("/readyz").json()["release"].startswith("2-"):
                break
            met.wait(0.05)
        query = {"query": "SELECT ?o WHERE { ?s <urn:says> ?o }", "format": "csv"}
        assert client.get("/sparql", params=query).text.splitlines()[1:] == ["2-0", "2-1"]


def test_the_command_line_loads_and_asks(empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("update_endpoint", "graph_store", "user", "password", "auth"):
        monkeypatch.setenv(f"STYRGRAF_{name.upper()}", getattr(empty, name))
    runner = CliRunner()
    built = runner.invoke(cli, ["--workspace", str(empty.workspace), "build", "--endpoint", empty.endpoint])
    assert built.exit_code == 0, built.output
    assert "Laddad som utgåva 1-" in built.output
    monkeypatch.setenv("STYRGRAF_ENDPOINT", empty.endpoint)
    asked = runner.invoke(cli, ["run", "activities-involving-actor", "--actor", "framtiden", "--format", "json"])
    assert json.loads(asked.stdout)["rows"]
    counted = runner.invoke(cli, ["query", "ASK { ?s a styr:Plan }"])
    assert json.loads(counted.stdout)["boolean"] is True


@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("[ql]*/*.rq")), ids=lambda path: path.stem)
def test_what_readers_ask_needs_no_named_graph(path: Path) -> None:
    words = tokens_only(path.read_text("utf-8")).split()
    assert ("GRAPH" in words) == (path.parent.name == "lookups" and path.stem in AT_BUILD), (
        "a remote has only the merged graph"
    )


def _release(folder: Path, number: int, size: int) -> Release:
    """A release of `size` triples that all say its number."""
    home = folder / "built" / "releases" / str(number)
    home.mkdir(parents=True)
    store = EmbeddedStore.create(home / "store")
    lines = (f'<urn:thing/{n}> <urn:says> "{number}-{n if size < 10 else 0}" .\n' for n in range(size))
    store.load_ntriples("".join(lines).encode())
    store.optimize()
    return Release(home, Manifest(number, "2026-01-01T00:00:00+00:00", f"{number:064d}", {}, {"quads": size}, {}))


def _rows(store: Store, query: str) -> list[list[tuple[str, Any]]]:
    """The distinct rows of a query, in an order that no engine decides."""
    return sorted({tuple(sorted((name, str(term)) for name, term in row.items())) for row in store.select(query).rows})  # type: ignore[arg-type]


def _told(answer: Answer) -> list[Any]:
    return [
        ({name: (cell.text, cell.term) for name, cell in row.cells.items()}, sorted(p.iri for p in row.evidence))
        for row in answer.rows
    ]


def _same(name: str, ours: bytes, theirs: bytes) -> bool:
    return json.loads(ours) == json.loads(theirs) if name == "json" else ours == theirs


def test_the_shipped_questions_are_all_asked(content: Content) -> None:
    assert sorted({stem for stem, _ in CASES}) == STEMS == sorted(path.stem for path in content.queries("questions"))
