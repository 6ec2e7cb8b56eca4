"""The W3C tests of the SPARQL 1.1 Protocol, by their own names, as real requests to a running server; and what we add.

The suite loads data of its own; here the graphs of the release stand for its data0.rdf … data3.rdf.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from running import Reply, Server, serving

from graphsvc.graph import Graph
from graphsvc.settings import Settings

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
ALL = "SELECT * WHERE { ?s ?p ?o } LIMIT 1"
IN_DEFAULT = "ASK { <%s> ?p ?o }"


@pytest.fixture(scope="module")
def server(graph: Graph, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server over the shipped data."""
    with serving(settings, tmp_path_factory.mktemp("log")) as running:
        yield running


@pytest.fixture(scope="module")
def graphs(graph: Graph) -> list[str]:
    """Three named graphs that describe themselves."""
    rows = graph.store.select(
        "SELECT ?g WHERE { ?x a styr:SourceText . GRAPH ?g { ?g a styr:SourceText } } ORDER BY ?g"
    ).rows
    found = sorted({row["g"].value for row in rows})
    assert len(found) >= 3
    return found


def truth(reply: Reply) -> bool:
    """The boolean of an ASK."""
    assert reply.status == 200, reply.body
    answer = json.loads(reply.body)["boolean"]
    assert isinstance(answer, bool)
    return answer


# The query operation (SPARQL 1.1 Protocol §2.1)


def test_query_get(server: Server) -> None:
    assert truth(server.get("ASK {}")) is True


def test_query_post_form(server: Server) -> None:
    assert truth(server.form([("query", "ASK {}")])) is True


def test_query_post_direct(server: Server) -> None:
    assert truth(server.direct("ASK {}")) is True


def test_query_dataset_default_graph_get(server: Server, graphs: list[str]) -> None:
    first, second, _ = graphs[:3]
    assert truth(server.get(IN_DEFAULT % first, default_graph_uri=first)) is True
    assert truth(server.get(f"ASK {{ <{second}> a ?type }}", default_graph_uri=first)) is False


def test_query_dataset_default_graph_post(server: Server, graphs: list[str]) -> None:
    first, second, _ = graphs[:3]
    address = "/sparql?default-graph-uri=" + quote(first, safe="")
    assert truth(server.direct(f"ASK {{ <{first}> a ?type }}", address=address)) is True
    assert truth(server.direct(f"ASK {{ <{second}> a ?type }}", address=address)) is False
    assert truth(server.form([("query", f"ASK {{ <{first}> a ?type }}"), ("default-graph-uri", first)])) is True


def both(first: str, second: str) -> str:
    """Whether both graphs are merged in the default graph."""
    return f"ASK {{ <{first}> a ?a . <{second}> a ?b }}"


def test_query_dataset_default_graphs_get(server: Server, graphs: list[str]) -> None:
    first, second, third = graphs[:3]
    assert truth(server.get(both(first, second), default_graph_uri=[first, second])) is True
    assert truth(server.get(both(first, third), default_graph_uri=[first, second])) is False


def test_query_dataset_default_graphs_post(server: Server, graphs: list[str]) -> None:
    first, second, _ = graphs[:3]
    fields = [("query", both(first, second)), ("default-graph-uri", first), ("default-graph-uri", second)]
    assert truth(server.form(fields)) is True


NAMED = "ASK { GRAPH <%s> { ?s ?p ?o } }"


def test_query_dataset_named_graphs_get(server: Server, graphs: list[str]) -> None:
    first, second, third = graphs[:3]
    for name, expected in ((first, True), (second, True), (third, False)):
        assert truth(server.get(NAMED % name, named_graph_uri=[first, second])) is expected
    assert truth(server.get("ASK { ?s ?p ?o }", named_graph_uri=first)) is False  # the default graph is then empty


def test_query_dataset_named_graphs_post(server: Server, graphs: list[str]) -> None:
    first, second, third = graphs[:3]
    for name, expected in ((second, True), (third, False)):
        fields = [("query", NAMED % name), ("named-graph-uri", first), ("named-graph-uri", second)]
        assert truth(server.form(fields)) is expected


def test_query_dataset_full(server: Server, graphs: list[str]) -> None:
    first, second, third = graphs[:3]
    none_of_third = f"FILTER NOT EXISTS {{ GRAPH <{third}> {{ ?s ?p ?o }} }}"
    query = f"ASK {{ <{first}> a ?a . GRAPH <{second}> {{ <{second}> a ?b }} {none_of_third} }}"
    assert truth(server.get(query, default_graph_uri=first, named_graph_uri=second)) is True


def test_query_multiple_dataset(server: Server, graphs: list[str]) -> None:
    """The dataset of the request replaces that of the query (§2.1.4)."""
    first, second, _ = graphs[:3]
    query = f"ASK FROM <{second}> FROM NAMED <{second}> {{ <%s> a ?type }}"
    assert truth(server.get(query % first, default_graph_uri=first)) is True
    assert truth(server.get(query % second, default_graph_uri=first)) is False
    named = f"ASK FROM NAMED <{second}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
    assert truth(server.get(named, default_graph_uri=first)) is False


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("application/json", "application/json"),
    ],
)
def test_query_content_type_select(server: Server, accept: str, media: str) -> None:
    assert server.get(ALL, accept).media_type == media


@pytest.mark.parametrize("media", ["application/sparql-results+xml", "application/sparql-results+json"])
def test_query_content_type_ask(server: Server, media: str) -> None:
    assert server.get("ASK {}", media).media_type == media


GRAPH_MEDIA = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
}


@pytest.mark.parametrize("media", GRAPH_MEDIA)
def test_query_content_type_describe(server: Server, media: str) -> None:
    reply = server.get("DESCRIBE styr:Activity", media)
    assert reply.media_type == media
    assert len(list(ox.parse(reply.body, GRAPH_MEDIA[media]))) >= 3


@pytest.mark.parametrize("media", GRAPH_MEDIA)
def test_query_content_type_construct(server: Server, media: str) -> None:
    reply = server.get("CONSTRUCT WHERE { ?s a styr:Activity }", media)
    assert reply.media_type == media
    expected = server.get("SELECT ?s { ?s a styr:Activity }", "text/csv").body.count(b"\n") - 1
    assert len(list(ox.parse(reply.body, GRAPH_MEDIA[media]))) == expected


def problem(reply: Reply, status: int) -> dict[str, object]:
    """The problem that a refused request gets."""
    assert reply.status == status, reply.body
    assert reply.media_type == "application/problem+json"
    told: dict[str, object] = json.loads(reply.body)
    assert told["status"] == status
    assert told["detail"]
    return told


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_query_method(server: Server, method: str) -> None:
    reply = server.request(method, "/sparql?query=ASK%20%7B%7D")
    problem(reply, 405)
    assert reply.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_bad_multiple_queries(server: Server) -> None:
    problem(server.request("GET", "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"), 400)
    problem(server.form([("query", "ASK {}"), ("query", "SELECT * {}")]), 400)
    problem(server.direct("ASK {}", address="/sparql?query=ASK%20%7B%7D"), 400)


def test_bad_query_wrong_media_type(server: Server) -> None:
    reply = server.direct("ASK {}", "text/plain")
    problem(reply, 415)
    assert DIRECT in reply.headers["accept-post"]


def test_bad_query_missing_form_type(server: Server) -> None:
    problem(server.request("POST", "/sparql", b"query=ASK%20%7B%7D"), 415)


def test_bad_query_missing_direct_type(server: Server) -> None:
    problem(server.request("POST", "/sparql", b"ASK {}"), 415)


def test_bad_query_non_utf8(server: Server) -> None:
    problem(server.direct("ASK {}".encode("utf-16"), DIRECT + "; charset=UTF-16"), 415)
    problem(server.direct('ASK { ?s ?p "å" }'.encode("latin-1")), 400)
    problem(server.request("GET", "/sparql?query=ASK%20%7B%3Fs%20%3Fp%20%22%E5%22%7D"), 400)


def test_bad_query_syntax(server: Server) -> None:
    told = problem(server.get("ASK {\n  ?s FILTR ?o\n}"), 400)
    assert (told["line"], told["column"], told["token"]) == (2, 6, "FILTR")


# The update operation (§2.2) is not offered: every way of sending one is refused

UPDATE = "INSERT DATA { <http://example.org/a> <http://example.org/b> <http://example.org/c> }"


def test_update_post_form(server: Server) -> None:
    problem(server.form([("update", UPDATE)]), 400)


def test_update_post_direct(server: Server) -> None:
    problem(server.direct(UPDATE, "application/sparql-update"), 415)


@pytest.mark.parametrize("name", ["using-graph-uri", "using-named-graph-uri"])
def test_update_dataset(server: Server, graphs: list[str], name: str) -> None:
    problem(server.form([("update", UPDATE), (name, graphs[0])]), 400)
    problem(server.form([("query", "ASK {}"), (name, graphs[0])]), 400)


def test_bad_update_get(server: Server) -> None:
    problem(server.request("GET", "/sparql?update=" + quote(UPDATE)), 400)


def test_bad_multiple_updates(server: Server) -> None:
    problem(server.form([("update", UPDATE), ("update", UPDATE)]), 400)


def test_bad_update_wrong_media_type(server: Server) -> None:
    problem(server.direct(UPDATE, "text/plain"), 415)


def test_bad_update_missing_form_type(server: Server) -> None:
    problem(server.request("POST", "/sparql", "update=" + quote(UPDATE)), 415)


def test_bad_update_non_utf8(server: Server) -> None:
    problem(server.direct(UPDATE.encode("utf-16"), "application/sparql-update; charset=UTF-16"), 415)


def test_bad_update_syntax(server: Server) -> None:
    problem(server.form([("update", "INSERT {")]), 400)


@pytest.mark.parametrize(
    "text", [UPDATE, "LOAD <http://127.0.0.1:9/>", "CLEAR ALL", "DROP ALL", "DELETE WHERE { ?s ?p ?o }"]
)
def test_an_update_sent_as_a_query_is_refused(server: Server, text: str) -> None:
    for reply in (server.get(text), server.form([("query", text)]), server.direct(text)):
        problem(reply, 400)


# What the protocol's HTTP asks for besides


def test_head_is_get_without_its_body(server: Server) -> None:
    address = "/sparql?query=" + quote(ALL)
    head, get = server.request("HEAD", address), server.request("GET", address)
    assert head.status == get.status == 200
    assert head.body == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]


def test_options_tells_what_may_be_done(server: Server) -> None:
    reply = server.request("OPTIONS", "/sparql", headers={"Origin": "http://other", "Access-Control-Request-Method": "POST"})
    assert reply.status == 204
    assert reply.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "Content-Type" in reply.headers["access-control-allow-headers"]


def test_not_acceptable_lists_what_is(server: Server) -> None:
    told = problem(server.get(ALL, "image/png"), 406)
    assert "application/sparql-results+json" in told["formats"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/*", "text/csv"),
        ("application/*;q=0.5, text/csv", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("application/sparql-results+xml;q=0.4, text/*;q=0.3", "application/sparql-results+xml"),
        ("*/*;q=0.1, text/tab-separated-values;q=0.2", "text/tab-separated-values"),
        ("*/*", "application/sparql-results+json"),
    ],
)
def test_weights_wildcards_and_specificity_decide(server: Server, accept: str, media: str) -> None:
    assert server.get(ALL, accept).media_type == media


def test_format_goes_before_accept(server: Server) -> None:
    for form, media in (("csv", "text/csv"), ("application/sparql-results+xml", "application/sparql-results+xml")):
        assert server.get(ALL, "application/json", format=form).media_type == media
    problem(server.get(ALL, format="ttl"), 406)


def test_percent_and_plus_are_decoded_once(server: Server) -> None:
    query = 'SELECT ("%2B+å%25" AS ?x) {}'
    for reply in (server.get(query, "text/csv"), server.form([("query", query)], "text/csv")):
        assert reply.body.decode().splitlines()[1] == "%2B+å%25"
    assert json.loads(server.direct(query).body)["results"]["bindings"][0]["x"]["value"] == "%2B+å%25"
    spaces = server.request("GET", "/sparql?query=ASK+%7B%7D")
    assert truth(spaces) is True


def test_known_prefixes_need_no_declaration(server: Server) -> None:
    assert truth(server.get("ASK { ?a a styr:Activity ; rdfs:label ?l }")) is True


def test_a_large_request_is_refused(server: Server, settings: Settings) -> None:
    problem(server.direct("#" * (settings.request_bytes + 1)), 413)


def test_an_unknown_graph_is_empty_and_a_bad_one_refused(server: Server) -> None:
    assert truth(server.get("ASK { ?s ?p ?o }", default_graph_uri="http://example.org/none")) is False
    assert truth(server.get("ASK FROM <file:///etc/passwd> { ?s ?p ?o }")) is False
    problem(server.get("ASK {}", default_graph_uri="a b"), 400)


def test_people_get_a_page(server: Server) -> None:
    reply = server.get("ASK {", "text/html,application/xhtml+xml")
    assert reply.status == 406  # no answer is a page, and that is said before the query is looked at
    assert reply.media_type == "text/html"
    form = server.request("GET", "/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert b'<textarea id="query" name="query"' in form.body
    wrong = server.get("ASK {", "text/html,application/xml;q=0.9,*/*;q=0.8", format="json")
    assert wrong.status == 400
    assert wrong.media_type == "text/html"
    assert "stängs aldrig".encode() in wrong.body


def test_without_a_query_the_service_is_described(server: Server) -> None:
    reply = server.request("GET", "/sparql", headers={"Accept": "text/turtle"})
    assert reply.media_type == "text/turtle"
    service = ox.NamedNode("http://www.w3.org/ns/sparql-service-description#Service")
    assert service in {triple.object for triple in ox.parse(reply.body, ox.RdfFormat.TURTLE)}


def test_a_known_answer_is_not_sent_again(server: Server) -> None:
    address = "/sparql?query=" + quote(ALL)
    etag = server.request("GET", address).headers["etag"]
    again = server.request("GET", address, headers={"If-None-Match": f'"other", W/{etag}'})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == etag
    xml = server.request("GET", address, headers={"If-None-Match": etag, "Accept": "application/sparql-results+xml"})
    assert xml.status == 200
    assert xml.headers["etag"] != etag


def test_what_varies_is_not_kept(server: Server) -> None:
    replies = [server.get("SELECT (STRUUID() AS ?x) {}") for _ in range(2)]
    assert replies[0].body != replies[1].body
    assert all("etag" not in reply.headers and reply.headers["cache-control"] == "no-store" for reply in replies)


# HTTP itself


def test_an_ambiguous_length_gets_one_refusal(server: Server) -> None:
    smuggled = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    for lengths in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
    ):
        answer = server.raw(head + lengths + smuggled)
        assert answer.count(b"HTTP/1.1 ") == 1
        assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_head_of_five_megabytes_is_refused(server: Server) -> None:
    big = b"a" * 5_000_000
    for data in (b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + big, b"GET /" + big + b" HTTP/1.1\r\nHost: x\r\n\r\n"):
        answer = server.raw(data)
        assert answer == b"" or answer.split()[1] in (b"400", b"431")  # empty where the reset came before it was read
    many = b"".join(b"X-%d: a\r\n" % i for i in range(500))
    assert server.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n").startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "data", [b"GET /healthz HTTP/1.1\r\n\r\n", b"GET /healthz HTTP/1.1\nHost: x\n\n", b"\x16\x03\x01\x02"]
)
def test_what_is_no_proper_request_is_refused(server: Server, data: bytes) -> None:
    answer = server.raw(data)
    assert answer.startswith(b"HTTP/1.1 400 ") or (answer == b"" and data.startswith(b"\x16"))
