"""Whatever a remote engine does wrong becomes a clear error: a small server that fails on purpose, on this machine."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from fastapi.testclient import TestClient
from running import free_port

from graphsvc import errors
from graphsvc.content import Content
from graphsvc.formats import Format
from graphsvc.graph import Graph
from graphsvc.release.build import Manifest
from graphsvc.release.remote import RemoteRelease, current_remote
from graphsvc.settings import Settings
from graphsvc.store import query_text
from graphsvc.store.proxied import RemotePool
from graphsvc.store.public_query import PublicQuery, RdfDataset
from graphsvc.store.remote import Remote, RemoteStore
from graphsvc.store.transport import Endpoint
from graphsvc.web.app import create_app

ROOT = Path(__file__).parent.parent
JSON, TRIPLES = "application/sparql-results+json", "application/n-triples"
SECRET = "hemligt-losenord"
SELECT, CONSTRUCT = "SELECT ?x WHERE { ?x a styr:Plan }", "CONSTRUCT WHERE { ?x a styr:Plan }"
ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [{"x": {"type": "uri", "value": "urn:a"}}]}}).encode()
Behaviour = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class FailingServer:
    """A server that answers as its `behaviour` says, and remembers what it was sent."""

    port: int
    behaviour: Behaviour
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server() -> Iterator[FailingServer]:
    """A server on this machine."""
    state = FailingServer(0, answer(ROWS))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            state.seen.append((self.path, dict(self.headers), body))
            state.behaviour(self)

        do_PUT = do_GET = do_POST

        def log_message(self, *_: object) -> None:
            """Nothing."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = listening.server_port
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
    thread.start()
    yield state
    state.let_go.set()
    listening.shutdown()
    thread.join()
    listening.server_close()


@pytest.fixture
def at(server: FailingServer, tmp_path: Path) -> Settings:
    """Settings that name the failing server."""
    return Settings(content=ROOT, workspace=tmp_path, endpoint=f"http://127.0.0.1:{server.port}/query?key={SECRET}",
                    user="anna", password=SECRET, query_seconds=0.4, load_seconds=0.4)  # fmt: skip


def answer(body: bytes, media: str = JSON, status: int = 200, length: int | None = None, **headers: str) -> Behaviour:
    """A behaviour: this body, with this media type, status and promised length."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", media)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def chunked_and_cut(handler: BaseHTTPRequestHandler) -> None:
    """A behaviour: the first chunk of several, and then the end of the connection."""
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"5\r\n" + ROWS[:5] + b"\r\n")


def closed(handler: BaseHTTPRequestHandler) -> None:
    """A behaviour: no answer."""
    handler.close_connection = True


WRONG: list[tuple[str, Behaviour, type[errors.StyrgrafError], str]] = [
    ("401", answer(b"no", "text/plain", 401), errors.RemoteDenied, "STYRGRAF_PASSWORD"),
    ("403", answer(b"no", "text/plain", 403), errors.RemoteDenied, "nekade"),
    ("400", answer(b"line 1: what?", "text/plain", 400), errors.BadQuery, "line 1"),
    ("404", answer(b"where?", "text/plain", 404), errors.RemoteFailed, "404"),
    ("500", answer(b"oh no", "text/plain", 500), errors.RemoteFailed, "500. oh no"),
    ("503", answer(b"busy", "text/plain", 503), errors.RemoteFailed, "503"),
    ("redirected", answer(b"", "text/plain", 302, Location="http://127.0.0.1:9/other?key=1"), errors.RemoteFailed, "hänvisar till http://127.0.0.1:9/other."),
    ("HTML with 200", answer(b"<html>Sign in</html>", "text/html"), errors.RemoteGarbled, "text/html"),
    ("HTML called JSON", answer(b"<html>Sign in</html>"), errors.RemoteGarbled, "JSON"),
    ("JSON cut, shorter than promised", answer(ROWS[:-9], length=len(ROWS)), errors.RemoteGarbled, "avbröt"),
    ("JSON cut, as long as promised", answer(ROWS[:-9]), errors.RemoteGarbled, "JSON"),
    ("JSON cut between chunks", chunked_and_cut, errors.RemoteGarbled, "avbröt"),
    ("JSON of something else", answer(b'{"results": []}'), errors.RemoteGarbled, "JSON"),
    ("JSON that is a list", answer(b"[]"), errors.RemoteGarbled, "JSON"),
    ("a term of no kind", answer(ROWS.replace(b'"uri"', b'"thing"')), errors.RemoteGarbled, "JSON"),
    ("nothing", answer(b""), errors.RemoteGarbled, "JSON"),
    ("no answer", closed, errors.RemoteUnreachable, "förbindelsen"),
    ("what was found till time ran out", answer(ROWS, X_SQL_State="S1TAT"), errors.QueryTimeout, "sekunder"),
    ("as many rows as are ever given", answer(ROWS, X_SPARQL_MaxRows="1"), errors.AnswerTooLarge, "1 rader"),
]  # fmt: skip


@pytest.mark.parametrize(("behaviour", "error", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_answer_is_a_clear_error(
    server: FailingServer, at: Settings, behaviour: Behaviour, error: type[errors.StyrgrafError], words: str
) -> None:
    server.behaviour = behaviour
    with pytest.raises(error) as told:
        store(at).select(SELECT)
    assert type(told.value) is error
    assert words in str(told.value)
    assert SECRET not in str(told.value) + repr(told.value)


@pytest.mark.parametrize(
    "body", [b"<urn:a> <urn:b> ", b"{}", b"<urn:a> <urn:b> <urn:c> .\n<urn:a"], ids=["half", "JSON", "cut"]
)
def test_half_triples_are_an_error(server: FailingServer, at: Settings, body: bytes) -> None:
    server.behaviour = answer(body, TRIPLES)
    with pytest.raises(errors.RemoteGarbled):
        store(at).construct(CONSTRUCT)


def test_triples_that_are_no_triples_are_an_error(server: FailingServer, at: Settings) -> None:
    server.behaviour = answer(ROWS)
    with pytest.raises(errors.RemoteGarbled, match="i stället för tripplar"):
        store(at).construct(CONSTRUCT)


def test_nothing_found_is_an_error_when_the_release_is_gone(server: FailingServer, at: Settings) -> None:
    empty, gone = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}', b'{"head":{},"boolean":false}'

    def behave(handler: BaseHTTPRequestHandler) -> None:
        answer(gone if b"ASK" in server.seen[-1][2] else empty)(handler)

    server.behaviour = behave
    with pytest.raises(errors.RemoteGarbled, match="har inte kvar"):
        store(at).select(SELECT)


def test_a_silent_server_is_a_time_out(server: FailingServer, at: Settings) -> None:
    server.behaviour = lambda handler: server.let_go.wait(20) and None
    with pytest.raises(errors.QueryTimeout):
        store(at).select(SELECT)


def test_an_answer_that_drips_is_a_time_out(server: FailingServer, at: Settings) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        answer(b"", length=10_000)(handler)
        for _ in range(200):
            handler.wfile.write(b" ")
            if server.let_go.wait(0.1):
                return

    server.behaviour = drip
    with pytest.raises(errors.QueryTimeout):
        store(at).select(SELECT)


def test_an_answer_past_the_limit_is_not_read(server: FailingServer, at: Settings) -> None:
    server.behaviour = answer(b" " * 100_000, length=10**9)
    with pytest.raises(errors.AnswerTooLarge):
        store(replace(at, answer_bytes=50_000)).select(SELECT)


def test_a_refused_connection_is_said(at: Settings) -> None:
    nobody = replace(at, endpoint=f"http://127.0.0.1:{free_port()}/query")
    with pytest.raises(errors.RemoteUnreachable, match="går inte att nå"):
        store(nobody).select(SELECT)


def test_the_password_is_sent_as_it_should_and_never_shown(server: FailingServer, at: Settings) -> None:
    assert store(at).select(SELECT).rows
    path, headers, body = server.seen[-1]
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode() == f"anna:{SECRET}"
    form = parse_qs(body.decode())
    assert form["default-graph-uri"] == ["urn:release"]
    assert SELECT in form["query"][0]
    assert SECRET not in body.decode() + repr(at) + repr(Endpoint.of(at))


def test_the_password_is_not_taken_where_a_redirect_leads(server: FailingServer, at: Settings) -> None:
    server.behaviour = answer(b"", "text/plain", 307, Location=f"http://127.0.0.1:{server.port}/elsewhere")
    with pytest.raises(errors.RemoteFailed, match="elsewhere"):
        store(at).select(SELECT)
    assert len(server.seen) == 1


@pytest.mark.parametrize("way", ['Basic realm="x"', "Negotiate"])
def test_a_server_that_wants_another_way_of_logging_in_is_said(server: FailingServer, at: Settings, way: str) -> None:
    server.behaviour = answer(b"", "text/plain", 401, WWW_Authenticate=way)
    with pytest.raises(errors.RemoteDenied, match="STYRGRAF_AUTH"):
        store(replace(at, auth="digest")).select(SELECT)


@pytest.mark.parametrize(
    "change",
    [{"endpoint": "file:///etc/passwd"}, {"endpoint": "127.0.0.1:80"}, {"auth": "ntlm"}, {"endpoint": f"http://a:{SECRET}@h/"}],
    ids=["file", "no scheme", "way of logging in", "password in the address"],
)  # fmt: skip
def test_settings_that_cannot_be_used_are_said(at: Settings, change: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as told:
        Endpoint.of(replace(at, **change))
    assert SECRET not in str(told.value)


def test_two_pointers_or_none_are_said(server: FailingServer, at: Settings) -> None:
    row = {"number": {"type": "literal", "value": "1"}}
    document: dict[str, Any] = {"head": {"vars": ["number"]}, "results": {"bindings": []}}
    server.behaviour = answer(json.dumps(document).encode())
    with pytest.raises(errors.NoRelease):
        current_remote(Remote(Endpoint.of(at)), Content(ROOT), at.workspace)
    document["results"]["bindings"] = [row, {"number": {"type": "literal", "value": "2"}}]
    server.behaviour = answer(json.dumps(document).encode())
    with pytest.raises(errors.RemoteGarbled, match="flera"):
        current_remote(Remote(Endpoint.of(at)), Content(ROOT), at.workspace)


def test_public_queries_are_guarded_and_limited(server: FailingServer, at: Settings) -> None:
    async def ask(query: str, settings: Settings = at, dataset: RdfDataset | None = None) -> bytes:
        async with RemotePool(store(settings), settings) as pool:
            return (await pool.ask(PublicQuery(query, Format("json"), dataset))).first

    assert b"urn:a" in asyncio.run(ask(SELECT))
    sent = len(server.seen)
    for query in ("SELECT * { SERVICE <urn:x> {} }", "SELECT * FROM <urn:x> {}", "SELECT * { GRAPH ?g { ?s ?p ?o } }",
                  "SELECT * { \\u0053ERVICE <urn:x> {} }", "SELECT * { ?s ?p ex:\\# . SERVICE <urn:x> {} }"):  # fmt: skip
        with pytest.raises(errors.QueryRefused):
            asyncio.run(ask(query))
    with pytest.raises(errors.QueryRefused):
        asyncio.run(ask(SELECT, dataset=RdfDataset(("urn:x",), ())))
    with pytest.raises(errors.BadQuery):
        asyncio.run(ask("INSERT DATA { <urn:a> <urn:b> <urn:c> }"))
    assert len(server.seen) == sent
    with pytest.raises(errors.Overloaded):
        asyncio.run(ask(SELECT, replace(at, query_queue=-at.endpoint_connections)))
    with pytest.raises(errors.AnswerTooLarge):
        asyncio.run(ask(SELECT, replace(at, answer_rows=0)))
    server.behaviour = lambda handler: server.let_go.wait(20) and None
    with pytest.raises(errors.QueryTimeout):
        asyncio.run(ask(SELECT))


def test_the_service_says_502_where_the_remote_fails(server: FailingServer, at: Settings) -> None:
    manifest = Manifest(1, "2026-01-01T00:00:00+00:00", "0" * 64, {}, {}, {})
    release = RemoteRelease(Remote(Endpoint.of(at)), manifest, Content(ROOT), at.workspace)
    server.behaviour = answer(b"oh no", "text/plain", 500)
    with TestClient(create_app(Graph(Content(ROOT), release), at)) as client:
        for path in ("/sparql?query=ASK { ?s ?p ?o }", "/api/questions/activities-involving-actor?actor=framtiden"):
            response = client.get(path, headers={"Accept": "application/json"})
            assert response.status_code == 502
            assert SECRET not in response.text


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "select"),
        ("# DELETE\nPREFIX a: <b> BASE <c>\n ask {}", "ask"),
        ("PREFIX å: <x> PREFIX : <select> Describe <x>", "describe"),
        ("construct where {}", "construct"),
    ],
)
def test_the_form_is_the_first_word_after_the_prologue(query: str, form: str) -> None:
    assert query_text.form(query) == form


@pytest.mark.parametrize(
    "query",
    ["DELETE { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }", "define input:x <y> SELECT * {}", "SPARQL SELECT * {}", "", "LOAD <select>",
     "PREFIX a: <b> INSERT DATA { }"],
)  # fmt: skip
def test_anything_else_is_no_query(query: str) -> None:
    with pytest.raises(errors.BadQuery):
        query_text.form(query)


def test_known_prefixes_are_declared_where_they_are_used() -> None:
    query = 'PREFIX rdfs: <urn:own#>\nSELECT * { ?s rdfs:label "skos:x" ; styr:a <owl:x> } # dcat:y'
    told = query_text.declared(query)
    assert told == "PREFIX styr: <https://w3id.org/styrgraf/ns#> " + query
    assert query_text.declared("ASK { ?s ?p ?o }") == "ASK { ?s ?p ?o }"


def test_open_parameters_are_left_out_and_nothing_else_is() -> None:
    query = 'SELECT ?a WHERE { VALUES ?a { UNDEF } ?a ?b "VALUES ?a { UNDEF }" VALUES ?b { <urn:x> UNDEF } }'
    assert query_text.without_open_parameters(query) == (
        'SELECT ?a WHERE {  ?a ?b "VALUES ?a { UNDEF }" VALUES ?b { <urn:x> UNDEF } }'
    )
    everything = "SELECT * WHERE { VALUES ?a { UNDEF } ?s ?p ?o }"
    assert query_text.without_open_parameters(everything) == everything


@pytest.mark.parametrize(
    ("construct", "counting"),
    [
        ("CONSTRUCT WHERE { ?a ?b ?c }", "SELECT (COUNT(*) AS ?n) WHERE { SELECT * WHERE  { ?a ?b ?c } }"),
        ('PREFIX a: <urn:{>\nCONSTRUCT { ?a a:b "}" } { ?a ?b ?c } LIMIT 5',
         "PREFIX a: <urn:{>\nSELECT (COUNT(*) AS ?n) WHERE { SELECT * WHERE  { ?a ?b ?c } LIMIT 5 }"),
    ],
)  # fmt: skip
def test_the_solutions_of_a_construct_can_be_counted(construct: str, counting: str) -> None:
    counter = "SELECT (COUNT(*) AS ?n) WHERE { SELECT * WHERE { ?s ?p ?o } }"
    assert query_text.counting(construct, counter) == counting


def store(settings: Settings) -> RemoteStore:
    """A release at the settings' endpoint."""
    return RemoteStore(Remote(Endpoint.of(settings)), "urn:release", Content(ROOT))
