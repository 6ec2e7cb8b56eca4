"""What other people's programs get from /sparql: each real client has the engine's own answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from running import Server, serving
from SPARQLWrapper import JSON, POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.terms import Iri, Literal, Term, from_json

PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX styr: <https://w3id.org/styrgraf/ns#>
"""
DECISIONS = (
    "SELECT ?decision ?label ?date",
    "?decision a styr:Decision ; rdfs:label ?label . OPTIONAL { ?decision dcterms:date ?date }",
)
SWEDISH = (
    "SELECT ?activity ?label",
    '?activity a styr:Activity ; rdfs:label ?label FILTER(LANG(?label) = "sv" && REGEX(?label, "å|ä|ö"))',
)
NUMBERS = (
    "SELECT ?document ?n",
    "{ SELECT ?document (COUNT(?a) AS ?n) WHERE { ?a styr:document ?document } GROUP BY ?document }",
)
NOTHING = ("SELECT ?x", "?x a styr:Finnsinte")
EVERYTHING = ("SELECT ?s ?p ?o", "?s ?p ?o")
TOO_HEAVY = ("SELECT ?n", "{ SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }")
TRUE, FALSE = (
    '?x rdfs:label ?l FILTER(CONTAINS(?l, "jämställdhet"))',
    '?x rdfs:label ?l FILTER(CONTAINS(?l, "jåmställdhet"))',
)
LABELS = ("CONSTRUCT { ?plan rdfs:label ?label }", "?plan a styr:Plan ; rdfs:label ?label")
COMUNICA_SECONDS = 120
Row = tuple[str | None, ...]


class Refused(Exception):
    """The client said that there was no answer."""


class Client(ABC):
    """A program that asks an endpoint; `usual` is the formats that it is given when it is left to ask as it does."""

    usual: tuple[str, str]

    def __init__(self, address: str) -> None:
        self.address = address

    def select(self, head: str, body: str) -> list[Row]:
        """The rows of a SELECT, serialised and sorted."""
        names = head.replace("?", "").split()[1:]
        rows = self._solutions(self._query(head, body))
        return sorted((tuple(row[n].sparql() if n in row else None for n in names) for row in rows), key=repr)

    def ask(self, body: str) -> bool:
        """The answer to an ASK."""
        return self._boolean(f"{PREFIXES}ASK {{ {self.around(body)} }}")

    def construct(self, head: str, body: str) -> set[Row]:
        """The triples of a CONSTRUCT, serialised."""
        return self._triples(self._query(head, body))

    def usually(self, head: str, body: str) -> None:
        """Ask without saying in which format."""
        self._ask(self._query(head, body))

    def _query(self, head: str, body: str) -> str:
        return f"{PREFIXES}{head} WHERE {{ {self.around(body)} }}"

    def around(self, body: str) -> str:
        """The pattern as this client is asked it."""
        return body

    @abstractmethod
    def _ask(self, query: str) -> Any: ...

    @abstractmethod
    def _solutions(self, query: str) -> list[dict[str, Term]]: ...

    @abstractmethod
    def _boolean(self, query: str) -> bool: ...

    @abstractmethod
    def _triples(self, query: str) -> set[Row]: ...


class Wrapper(Client):
    """SPARQLWrapper, by GET."""

    usual = ("xml", "rdf")
    method = "GET"

    def _ask(self, query: str, form: str | None = None) -> Any:
        wrapper = SPARQLWrapper(self.address)
        wrapper.setMethod(self.method)
        wrapper.setQuery(query)
        if form:
            wrapper.setReturnFormat(form)
        try:
            return wrapper.queryAndConvert()
        except OSError as error:
            raise Refused(str(error)) from error

    def _solutions(self, query: str) -> list[dict[str, Term]]:
        rows = self._ask(query, JSON)["results"]["bindings"]
        return [{name: from_json(term) for name, term in row.items()} for row in rows]

    def _boolean(self, query: str) -> bool:
        return bool(self._ask(query, JSON)["boolean"])

    def _triples(self, query: str) -> set[Row]:
        return _of_rdflib(self._ask(query, None))


class WrapperByPost(Wrapper):
    """SPARQLWrapper, by POST."""

    method = POST


class Rdflib(Client):
    """rdflib's graph over an endpoint."""

    usual = ("xml", "rdf")

    def _ask(self, query: str) -> Any:
        try:
            return rdflib.Graph(SPARQLStore(self.address)).query(query)
        except (OSError, ValueError) as error:
            raise Refused(str(error)) from error

    def _solutions(self, query: str) -> list[dict[str, Term]]:
        return [{str(name): _term(term) for name, term in row.asdict().items()} for row in self._ask(query)]

    def _boolean(self, query: str) -> bool:
        return bool(self._ask(query).askAnswer)

    def _triples(self, query: str) -> set[Row]:
        return _of_rdflib(self._ask(query).graph)


class Service(Client):
    """pyoxigraph, which asks the endpoint by SERVICE from a store of its own."""

    usual = ("json", "json")

    def around(self, body: str) -> str:
        return f"SERVICE <{self.address}> {{ {body} }}"

    def _ask(self, query: str) -> Any:
        try:
            return pyoxigraph.Store().query(query)
        except OSError as error:
            raise Refused(str(error)) from error

    def _solutions(self, query: str) -> list[dict[str, Term]]:
        found = self._ask(query)
        names = [variable.value for variable in found.variables]
        try:
            return [{n: _term(row[n]) for n in names if row[n] is not None} for row in found]
        except OSError as error:
            raise Refused(str(error)) from error

    def _boolean(self, query: str) -> bool:
        return bool(self._ask(query))

    def _triples(self, query: str) -> set[Row]:
        return {tuple(_term(term).sparql() for term in triple) for triple in self._ask(query)}


class Curl(Client):
    """curl, as the README shows it."""

    usual = ("json", "ttl")

    def __init__(self, address: str) -> None:
        super().__init__(address)
        if not shutil.which("curl"):
            pytest.skip("curl finns inte här")

    def _ask(self, query: str, *more: str) -> bytes:
        command = [
            "curl",
            "--silent",
            "--show-error",
            "--fail-with-body",
            self.address,
            "--data-urlencode",
            f"query={query}",
            *more,
        ]
        ended = subprocess.run(command, capture_output=True, timeout=60, check=False)
        if ended.returncode:
            raise Refused(ended.stdout.decode() + ended.stderr.decode())
        return ended.stdout

    def _solutions(self, query: str) -> list[dict[str, Term]]:
        rows = json.loads(self._ask(query))["results"]["bindings"]
        return [{name: from_json(term) for name, term in row.items()} for row in rows]

    def _boolean(self, query: str) -> bool:
        return bool(json.loads(self._ask(query))["boolean"])

    def _triples(self, query: str) -> set[Row]:
        return _of_rdflib(rdflib.Graph().parse(data=self._ask(query), format="turtle"))


class Comunica(Client):
    """Comunica, from the folder that STYRGRAF_COMUNICA names: tests/comunica/package.json, installed there by npm."""

    usual = ("json", "ttl")

    def __init__(self, address: str) -> None:
        super().__init__(address)
        if not shutil.which("node"):
            pytest.skip("Node finns inte här")
        folder = Path(os.environ.get("STYRGRAF_COMUNICA", ""))
        self._program = folder / "node_modules" / "@comunica" / "query-sparql" / "bin" / "query.js"
        if not self._program.is_file():
            pytest.skip(
                "Comunica finns inte här (npm install --prefix MAPP @comunica/query-sparql@4, STYRGRAF_COMUNICA=MAPP)"
            )

    def usually(self, head: str, body: str) -> None:
        (self._solutions if head.startswith("SELECT") else self._triples)(self._query(head, body))

    def _ask(self, query: str, form: str = "table") -> bytes:
        command = ["node", str(self._program), f"sparql@{self.address}", query, "-t", form]
        ended = subprocess.run(command, capture_output=True, timeout=COMUNICA_SECONDS, check=False)
        if ended.returncode or ended.stderr:
            raise Refused(ended.stderr.decode())
        return ended.stdout

    def _solutions(self, query: str) -> list[dict[str, Term]]:
        rows = json.loads(self._ask(query, "application/sparql-results+json"))["results"]["bindings"]
        return [{name: from_json(term) for name, term in row.items()} for row in rows]

    def _boolean(self, query: str) -> bool:
        return bool(json.loads(self._ask(query, "application/sparql-results+json"))["boolean"])

    def _triples(self, query: str) -> set[Row]:
        return _of_rdflib(rdflib.Graph().parse(data=self._ask(query, "application/n-triples"), format="nt"))


pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper's
CLIENTS: dict[str, type[Client]] = {
    "SPARQLWrapper": Wrapper,
    "SPARQLWrapper-post": WrapperByPost,
    "rdflib-SPARQLStore": Rdflib,
    "pyoxigraph-SERVICE": Service,
    "curl": Curl,
    "Comunica": Comunica,
}


@pytest.fixture(scope="module")
def server(settings: Settings, graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has time for slow clients on a busy machine."""
    with serving(settings, tmp_path_factory.mktemp("clients"), QUERY_SECONDS="60", TRANSFER_SECONDS="120") as started:
        yield started


@pytest.fixture(scope="module")
def everything(graph: Graph) -> list[Row]:
    """All triples of the release's default graph, as rows."""
    return _expected(graph, *EVERYTHING)


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest, server: Server) -> Client:
    """Each client, of that server."""
    return CLIENTS[request.param](f"http://127.0.0.1:{server.port}/sparql")


@pytest.mark.parametrize("asked", [DECISIONS, SWEDISH, NUMBERS], ids=["optional", "swedish", "numbers"])
def test_a_client_has_the_engines_rows(client: Client, graph: Graph, asked: tuple[str, str]) -> None:
    expected = _expected(graph, *asked)
    assert expected
    assert client.select(*asked) == expected


def test_an_empty_answer_is_empty(client: Client) -> None:
    assert client.select(*NOTHING) == []


def test_a_client_is_told_yes_and_no(client: Client) -> None:
    assert (client.ask(TRUE), client.ask(FALSE)) == (True, False)


def test_a_client_has_the_engines_triples(client: Client, graph: Graph) -> None:
    text = graph.store.construct(f"{PREFIXES}{LABELS[0]} WHERE {{ {LABELS[1]} }}")
    expected = _of_rdflib(rdflib.Graph().parse(data=text, format="nt"))
    assert any("jämlik" in str(row) for row in expected)
    assert client.construct(*LABELS) == expected


def test_a_large_answer_comes_whole(client: Client, everything: list[Row]) -> None:
    assert len(everything) > 30_000
    assert client.select(*EVERYTHING) == everything


@pytest.mark.parametrize("name", CLIENTS)
def test_what_takes_too_long_is_an_error_and_no_empty_answer(
    name: str, settings: Settings, graph: Graph, tmp_path: Path
) -> None:
    with serving(settings, tmp_path, QUERY_SECONDS="1") as hurried:
        client = CLIENTS[name](f"http://127.0.0.1:{hurried.port}/sparql")
        with pytest.raises(Refused, match=r"503|URI or your SPARQL"):
            client.select(*TOO_HEAVY)
        assert client.ask(TRUE)


def test_a_query_that_cannot_be_read_is_told_of(server: Server) -> None:
    address, query = f"http://127.0.0.1:{server.port}/sparql", "SELECT * WHERE { ?s ?p }"
    for kind in (Wrapper, WrapperByPost):
        with pytest.raises(QueryBadFormed, match="bad-query"):
            kind(address)._solutions(query)
    with pytest.raises(Refused):
        Rdflib(address)._solutions(query)
    with pytest.raises(Refused, match=r'"line": ?1'):
        Curl(address)._solutions(query)


def test_a_service_in_a_service_is_refused_in_words(server: Server) -> None:
    client = Service(f"http://127.0.0.1:{server.port}/sparql")
    with pytest.raises(Refused, match="SERVICE är inte tillåtet"):
        client.select("SELECT ?x", "SERVICE <http://127.0.0.1:9/> { ?x ?p ?o }")


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_a_wrapper_may_name_every_format_of_rows(server: Server, form: str) -> None:
    wrapper = SPARQLWrapper(f"http://127.0.0.1:{server.port}/sparql", returnFormat=form)
    wrapper.setQuery(f"{PREFIXES}SELECT ?l WHERE {{ {TRUE} }} LIMIT 1")
    reply = wrapper.query()
    assert form in reply.info()["content-type"] or form == "tsv"
    assert "jämställdhet" in reply.response.read().decode()


@pytest.mark.parametrize("form", ["turtle", "n3", "xml", "rdf+xml", "json-ld", "json"])
@pytest.mark.filterwarnings("ignore:Sending Accept header:RuntimeWarning")
def test_a_wrapper_may_name_every_format_of_triples(server: Server, form: str) -> None:
    wrapper = SPARQLWrapper(f"http://127.0.0.1:{server.port}/sparql", returnFormat=form)
    wrapper.setQuery(f"{PREFIXES}{LABELS[0]} WHERE {{ {LABELS[1]} }}")
    reply = wrapper.query()
    media = reply.info()["content-type"].partition(";")[0]
    assert len(rdflib.Graph().parse(data=reply.response.read(), format=media)) > 5


def test_rdflib_reads_the_graph_as_if_it_were_its_own(server: Server, graph: Graph) -> None:
    there = rdflib.Graph(SPARQLStore(f"http://127.0.0.1:{server.port}/sparql"))
    plans = {str(plan) for plan in there.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/styrgraf/ns#Plan"))}
    expected = graph.store.select("SELECT ?plan WHERE { ?plan a styr:Plan }").rows
    assert plans == {row["plan"].value for row in expected}
    assert len(there) == int(graph.store.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").rows[0]["n"].value)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_that_is_left_to_itself_gets_what_it_reads_best(
    name: str, settings: Settings, graph: Graph, tmp_path: Path
) -> None:
    with serving(settings, tmp_path, CACHE_BYTES="0") as started:
        client = CLIENTS[name](f"http://127.0.0.1:{started.port}/sparql")
        client.usually(*SWEDISH)
        client.usually(*LABELS)
        assert tuple(_formats(started)) == client.usual


def _formats(server: Server) -> list[str]:
    """The formats in which the server has answered queries, as its access log tells."""
    for _ in range(50):
        lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
        told = [line["format"] for line in lines if line["path"] == "/sparql"]
        if len(told) >= 2:
            return told
        time.sleep(0.1)
    raise AssertionError("the access log told of fewer than two queries")


def _expected(graph: Graph, head: str, body: str) -> list[Row]:
    table = graph.store.select(f"{PREFIXES}{head} WHERE {{ {body} }}")
    rows = (tuple(row[n].sparql() if n in row else None for n in table.variables) for row in table.rows)
    return sorted(rows, key=repr)


def _of_rdflib(graph: rdflib.Graph) -> set[Row]:
    return {tuple(_term(term).sparql() for term in triple) for triple in graph}


def _term(term: Any) -> Term:
    """A term of rdflib or of pyoxigraph as ours."""
    if isinstance(term, rdflib.Literal):
        return Literal(str(term), **_kind(term.datatype, term.language))
    if isinstance(term, pyoxigraph.Literal):
        return Literal(term.value, **_kind(None if term.language else term.datatype.value, term.language))
    return Iri(term.value if isinstance(term, pyoxigraph.NamedNode) else str(term))


def _kind(datatype: str | None, language: str | None) -> dict[str, str]:
    return {"language": language} if language else {"datatype": str(datatype)} if datatype else {}
