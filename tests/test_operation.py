"""Operation: metrics, access log, readiness, limits, caches, more web processes, and a stop that finishes what has begun."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO
from unittest.mock import Mock
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from running import Server, serving
from uvicorn import Config
from uvicorn.server import ServerState

from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.store.workers import SPARE
from graphsvc.web.app import create_app
from graphsvc.web.cache import AnswerCache, Kept, Repeat, Repeats, etag_of, is_known
from graphsvc.web.limits import RateLimiter, client_of
from graphsvc.web.metrics import route_of
from graphsvc.web.negotiation import best
from graphsvc.web.operation import AccessLog
from graphsvc.web.protocol import StrictHttp

QUESTION = "/api/questions/activities-involving-actor?actor=framtiden"
COUNTED = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(CONCAT(STR(?a), STR(?d)) < STR(?g)) }"


@pytest.fixture(scope="module")
def server(graph: Graph, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with short limits."""
    folder = tmp_path_factory.mktemp("log")
    with serving(settings, folder, QUERY_SECONDS="3", QUERY_QUICK_SECONDS="0.1", ANSWER_BYTES=str(2 << 20)) as running:
        yield running


def gauge(server: Server, name: str) -> float:
    """A figure of /metrics."""
    text = server.request("GET", "/metrics").body.decode()
    match = re.search(rf"^styrgraf_{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert match, text
    return float(match[1])


def test_metrics_are_in_the_format_of_prometheus(server: Server) -> None:
    server.get("ASK {}")
    reply = server.request("GET", "/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    sample = re.compile(
        r'# TYPE [a-z_]+ (counter|gauge|histogram)|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+'
    )
    assert all(sample.fullmatch(line) for line in reply.body.decode().splitlines())
    assert gauge(server, "ready") == 1


def test_the_cache_and_its_hit_rate_are_told(server: Server) -> None:
    before = gauge(server, "answers_cache_hits_total")
    query = "SELECT ?p { ?p a styr:Plan }"
    assert server.get(query).body == server.get(query).body
    assert gauge(server, "answers_cache_hits_total") == before + 1
    assert 0 < gauge(server, "answers_cache_hit_ratio") < 1
    assert 0 < gauge(server, "answers_cache_bytes") <= 64 << 20


def test_named_questions_are_kept_and_validated(server: Server) -> None:
    first = server.request("GET", QUESTION)
    assert first.status == 200
    again = server.request("GET", QUESTION, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    head = server.request("HEAD", QUESTION)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]
    assert server.request("GET", QUESTION).body == first.body


def test_an_answer_that_cannot_be_finished_ends_visibly(server: Server) -> None:
    with pytest.raises(http.client.IncompleteRead):
        server.get("SELECT * { ?s ?p ?o . ?s ?p2 ?o2 }")
    assert server.get("ASK {}").status == 200


def test_a_query_that_takes_too_long_gets_503_and_when_to_try_again(server: Server) -> None:
    reply = server.get(COUNTED)
    assert (reply.status, json.loads(reply.body)["title"]) == (503, "timed-out")
    assert int(reply.headers["retry-after"]) > 0


def test_everything_is_answered_while_eight_heavy_queries_run(server: Server) -> None:
    threads = [threading.Thread(target=server.get, args=(COUNTED + f"# {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert server.get(f'SELECT ?p {{ ?p a styr:Plan FILTER(?p != "{time.monotonic_ns()}") }}').status == 200
        assert server.request("GET", QUESTION).status == 200
    for _ in range(300):
        if gauge(server, "workers_idle") == Settings().query_workers + SPARE and gauge(server, "workers_heavy") == 0:
            return
        time.sleep(0.05)
    raise AssertionError("the pool is not whole")


def test_readyz_says_which_wall_keeps_workers_from_the_network(server: Server, graph: Graph) -> None:
    told = json.loads(server.request("GET", "/readyz").body)
    assert told["release"] == graph.release.manifest.name
    assert told["queries"]["network"] in ("namespace", "filter", "open")


def test_without_a_release_it_lives_but_is_not_ready(graph: Graph, settings: Settings) -> None:
    app = create_app(graph, settings)
    with TestClient(app) as client:
        app.state.graph = None
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        refused = client.get("/sparql", params={"query": "ASK {}"})
        assert (refused.status_code, refused.json()["title"]) == (503, "no-release")
        app.state.graph = graph
        assert client.get("/readyz").status_code == 200
    with TestClient(create_app(graph, settings)) as other:
        assert other.get("/readyz").status_code == 200


def test_what_nobody_foresaw_is_a_problem_too(graph: Graph, settings: Settings) -> None:
    app = create_app(graph, settings)

    @app.get("/oforutsett")
    def fail() -> None:
        raise ZeroDivisionError("hemligt")

    with TestClient(app, raise_server_exceptions=False) as client:
        response = client.get("/oforutsett")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "hemligt" not in response.text


@pytest.mark.parametrize("path", ["/finns-inte", "/api/finns-inte"])
def test_an_unknown_address_is_a_problem_to_programs_and_a_page_to_people(
    graph: Graph, settings: Settings, path: str
) -> None:
    with TestClient(create_app(graph, settings)) as client:
        assert client.get(path).headers["content-type"] == "application/problem+json"
        page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "<h1>" in page.text


def test_metrics_are_for_this_machine_or_the_token(graph: Graph, settings: Settings) -> None:
    app = create_app(graph, replace(settings, metrics_token="nyckel"))
    with TestClient(app, client=("192.0.2.1", 5)) as far:
        assert far.get("/metrics").status_code == 403
        assert far.get("/metrics", headers={"Authorization": "Bearer fel"}).status_code == 403
        assert far.get("/metrics", headers={"Authorization": "Bearer nyckel"}).status_code == 200
    with TestClient(app, client=("127.0.0.1", 5)) as near:
        assert near.get("/metrics").status_code == 200


def test_a_client_that_asks_too_often_is_told_to_wait(graph: Graph, settings: Settings) -> None:
    app = create_app(graph, replace(settings, rate_limit=1.0))
    with TestClient(app, client=("192.0.2.1", 5)) as far:
        replies = [far.get("/api/questions/finns-inte") for _ in range(6)]
    assert [reply.status_code for reply in replies[:4]] == [404] * 4
    assert replies[-1].status_code == 429
    assert int(replies[-1].headers["retry-after"]) >= 1
    with TestClient(app, client=("127.0.0.1", 5)) as near:
        assert all(near.get("/api/questions/finns-inte").status_code == 404 for _ in range(6))


def test_the_log_is_json_without_the_query_and_what_has_begun_is_finished(
    graph: Graph, settings: Settings, tmp_path: Path
) -> None:
    answers = []
    with serving(settings, tmp_path, QUERY_SECONDS="3", QUERY_QUICK_SECONDS="0.1") as server:
        server.get('SELECT ("hemligt4711" AS ?x) {}')
        server.get("ASK { ?s ?p 'hemligt4711' ")
        thread = threading.Thread(target=lambda: answers.append(server.get(COUNTED).status))
        thread.start()
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        thread.join(20)
    assert answers == [503]  # its own time-out: it was let finish
    text = server.log.read_text("utf-8")
    assert "hemligt4711" not in text
    told = [json.loads(line) for line in text.splitlines() if "/sparql" in line]
    assert [(line["outcome"], line["status"]) for line in told] == [("ok", 200), ("BadQuery", 400), ("QueryTimeout", 503)]
    assert told[0]["rows"] == 1
    assert all(re.fullmatch(r"[0-9a-f]{32}", line["query"]) for line in told)
    assert server.process.returncode in (0, -signal.SIGTERM)


def test_several_web_processes_answer_alike(graph: Graph, settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path, WEB_WORKERS="2") as server:
        replies = [server.get("SELECT ?p { ?p a styr:Plan }") for _ in range(20)]
    assert {reply.status for reply in replies} == {200}
    assert len({(reply.body, reply.headers["etag"]) for reply in replies}) == 1


def test_the_cache_stays_within_its_bytes() -> None:
    cache = AnswerCache(10_000)
    for number in range(100):
        cache.put(str(number), Kept([], b"x" * 500, 1))
        assert cache.bytes <= 10_000
    assert cache.get("99") is not None
    assert cache.get("0") is None
    cache.put("big", Kept([], b"x" * 5_000, 1))
    assert cache.get("big") is None


def test_validators_tell_apart_what_differs() -> None:
    assert etag_of("1", "a", "b") != etag_of("1", "ab", "") != etag_of("2", "ab", "")
    tag = etag_of("1")
    assert is_known(tag, f'"x" , W/{tag}')
    assert not is_known(tag, "*")
    assert not is_known(tag, tag[:-2] + '"')


def test_tokens_come_back_with_time() -> None:
    limiter = RateLimiter(2.0)
    assert [limiter.wait("a", 0.0) > 0 for _ in range(9)] == [False] * 8 + [True]
    assert limiter.wait("b", 0.0) == 0
    assert limiter.wait("a", 0.5) == 0
    assert limiter.wait("a", 0.5) == pytest.approx(0.5)
    assert RateLimiter(0).wait("a") == 0


@pytest.mark.parametrize(
    ("host", "client"),
    [("127.0.0.1", ""), ("::1", ""), ("::ffff:127.0.0.1", ""), ("", ""), ("192.0.2.7", "192.0.2.7"),
     ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::"), ("fe80::1%eth0", "fe80::")],
)  # fmt: skip
def test_who_a_client_is(host: str, client: str) -> None:
    assert client_of(host) == client


def test_routes_are_few_whatever_is_asked_for() -> None:
    assert [route_of(path) for path in ("/sparql", "/api/x/y", "/ns.ttl", "/nsx", "/" + "x" * 99)] == [
        "/sparql", "/api", "/ns", "other", "other"]  # fmt: skip


def test_a_log_that_is_off_writes_nothing() -> None:
    log = AccessLog("")
    log.flush()
    log.close()


OFFERED = ("text/turtle", "application/ld+json", "text/html")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/html, */*;q=0.1", "text/html"),
        ("text/*;q=0.5, text/turtle;q=0, application/ld+json;q=0.1", "text/html"),
        ("text/turtle;q=0", None),
        ("*/*, text/turtle;q=0", "application/ld+json"),
        ("image/png", None),
        ("TEXT/HTML", "text/html"),
        ("text/html;charset=UTF-8", "text/html"),
        ("text/html;level=1", None),
        ('application/ld+json;profile="a,b;c", text/html;q=0.1', "text/html"),
        ("text/html;q=2, text/turtle;q=0.1", "text/turtle"),
        ("nonsense, text/html", "text/html"),
        ("text/html," * 3000, None),
    ],
)
def test_negotiation_follows_the_specification(accept: str | None, expected: str | None) -> None:
    assert best(accept, OFFERED) == expected


def test_a_repeated_request_is_answered_alike_counted_and_logged(server: Server) -> None:
    target = "/sparql?query=" + quote("SELECT ?p { ?p a styr:Plan } # again and again")
    asked = f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: application/sparql-results+json\r\n\r\n".encode()
    before = gauge(server, "answers_cache_hits_total")
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection, connection.makefile("rb") as answers:
        replies = []
        for _ in range(6):
            connection.sendall(asked)
            replies.append(_reply(answers))
        connection.sendall(asked * 3)  # pipelined
        replies += [_reply(answers) for _ in range(3)]
    assert len({(body, *sorted(line for line in head if not line.startswith(b"date:"))) for head, body in replies}) == 1
    assert all(any(line.startswith(b"date:") for line in head) for head, _ in replies)
    assert gauge(server, "answers_cache_hits_total") == before + 8
    time.sleep(1)
    logged = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    digest = next(line["query"] for line in reversed(logged) if line["outcome"] == "cached")
    assert [line["outcome"] for line in logged if line.get("query") == digest] == ["ok"] + ["cached"] * 8


def _reply(answers: BinaryIO) -> tuple[list[bytes], bytes]:
    head = []
    while (line := answers.readline()) not in (b"\r\n", b""):
        head.append(line.lower())
    length = next(int(line.split(b":")[1]) for line in head if line.startswith(b"content-length:"))
    return head, answers.read(length)


def test_what_is_known_is_forgotten_with_its_answer_and_its_release() -> None:
    cache, release, other = AnswerCache(20_000), object(), object()
    repeats = Repeats(cache, 30_000)
    cache.put("tag", Kept([], b"answer", 1))
    repeats.put(b"request", Repeat(release, "tag", b"", None, None))
    assert repeats.get(b"request", release) is not None
    assert repeats.get(b"request", other) is None
    assert repeats.get(b"request", release) is None
    for number in range(200):
        repeats.put(b"%d" % number, Repeat(release, "tag", b"", None, None))
    assert repeats.get(b"0", release) is None
    assert repeats.get(b"199", release) is not None
    cache.put("next", Kept([], b"x" * 2_000, 1))
    for number in range(20):
        cache.put(str(number), Kept([], b"x" * 1_500, 1))
    assert repeats.get(b"199", release) is None


def test_a_large_body_is_not_taken_for_a_large_head(server: Server) -> None:
    reply = server.direct("ASK {} #" + "x" * 190_000)
    assert reply.status == 200


def test_who_takes_nothing_of_an_answer_loses_the_connection(graph: Graph, settings: Settings, tmp_path: Path) -> None:
    with serving(settings, tmp_path, TRANSFER_SECONDS="0.5") as server:
        size = int(server.request("HEAD", "/data.nq").headers["content-length"])
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", server.port))
            slow.settimeout(10)
            slow.sendall(b"GET /data.nq HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            time.sleep(2)
            taken = 0
            with contextlib.suppress(ConnectionError):
                while piece := slow.recv(1 << 16):
                    taken += len(piece)
            assert 0 < taken < size
        assert len(server.request("GET", "/data.nq").body) == size


def test_one_client_has_so_many_connections_and_no_more(client: TestClient) -> None:
    def connected(number: int, host: str) -> int:
        """How many of `number` connections from `host` are left open."""
        peer = {"peername": (host, 1)}.get
        transports = [Mock(get_extra_info=peer) for _ in range(number)]
        config = Config(client.app, http=StrictHttp, loop="none")
        config.load()
        protocols = [StrictHttp(config, ServerState(), {}, asyncio.get_running_loop()) for _ in transports]
        for protocol, transport in zip(protocols, transports, strict=True):
            protocol.connection_made(transport)
        open_ones = sum(not transport.abort.called for transport in transports)
        for protocol in protocols:
            protocol.connection_lost(None)
        return open_ones

    async def several() -> list[int]:
        return [connected(250, host) for host in ("192.0.2.1", "192.0.2.1", "127.0.0.1")]

    assert asyncio.run(several()) == [200, 200, 250]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/data.nq", "/data.trig.gz"])
def test_head_tells_what_get_would(server: Server, path: str) -> None:
    told, got = (server.request(method, path) for method in ("HEAD", "GET"))
    assert (told.status, told.body) == (200, b"")
    assert told.media_type == got.media_type
