"""The service as those who want to harm it meet it: what they write, how much they ask for, and what they get to see."""

from __future__ import annotations

import asyncio
import csv
import io
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyoxigraph
import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from graphsvc.errors import BadFile
from graphsvc.graph import Graph
from graphsvc.pages.exports import as_csv
from graphsvc.pages.frame import Visit
from graphsvc.pages.tables import Heading, Table
from graphsvc.questions.present import answer_csv
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.search.index import Hit
from graphsvc.search.present import hits_csv
from graphsvc.settings import Settings
from graphsvc.spreadsheet import harmless
from graphsvc.terms import Literal, absolute_iri
from graphsvc.web.app import create_app
from graphsvc.web.observed import Observed
from graphsvc.web.turns import Line, Turns

PLAN = "https://w3id.org/styrgraf/id/goteborg/document/plan-for-en-jamlik-stad-2019-2022"
NOT_IRIS = (":", "1:2", "a:%zz", "https://[x]/", "//x:1", "_:b0", "a:\ue000", "a:\ufffe", "http://x/\x7f", "http://x:a/")


@pytest.mark.parametrize("text", NOT_IRIS)
def test_what_only_looks_like_an_iri_is_no_iri(text: str) -> None:
    assert absolute_iri(text) is None


@pytest.mark.parametrize(
    "text", [PLAN, "urn:x", "mailto:å@ö.se", "http://a:b@c:8/ä?q#f", "tag:2001,a:b", "a:\u202f😀%C3%A5"]
)
def test_what_is_taken_for_an_iri_can_be_asked_for(text: str) -> None:
    found = absolute_iri(text)
    assert found is not None
    rows = list(pyoxigraph.Store().query(f"SELECT * {{ VALUES ?x {{ {found.sparql()} }} }}"))  # type: ignore[arg-type]
    assert rows[0]["x"].value == text


@pytest.mark.parametrize("text", NOT_IRIS)
@pytest.mark.parametrize(
    ("path", "parameter", "more"),
    [
        ("/api/chains", "about", {}),
        ("/kedja", "om", {}),
        ("/jamfor", "a", {"b": "Framtiden"}),
        ("/matris", "document", {}),
        ("/api/questions/activities-involving-actor", "actor", {}),
        ("/diagrams/timeline.svg", "about", {}),
    ],
)
def test_a_name_with_a_colon_is_read_as_a_name(
    client: TestClient, path: str, parameter: str, more: dict[str, str], text: str
) -> None:
    answer = client.get(path, params={parameter: text, **more})
    assert answer.status_code in (400, 404, 409)
    assert "tolkas" not in answer.text, "the query that was made of it was told as if the reader had written it"


@pytest.mark.parametrize("slug", ["%00", "%22%20onmouseover=%22", "x%7D%20DROP", "a%0D%0Ab", "%3Cb%3Ex"])
def test_the_page_of_what_can_have_none_is_missing(client: TestClient, slug: str) -> None:
    answer = client.get(f"/aktor/goteborg/{slug}", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert 'href="/aktor/goteborg/" onmouseover' not in answer.text
    assert "<b>x" not in answer.text


def test_what_is_wrong_inside_is_logged_and_not_told(
    graph: Graph, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(graph, settings)

    @app.get("/broken")
    def broken(request: Request) -> None:
        raise BadFile("/srv/secret/talk.yaml", "Okända fält: x.", "Rätta.")

    with TestClient(app, raise_server_exceptions=False) as client, caplog.at_level(logging.ERROR, "styrgraf"):
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "/srv/secret/talk.yaml" in caplog.text


def test_a_line_of_the_log_stays_one_line(graph: Graph, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(graph, settings)

    @app.get("/broken/{name}")
    def broken(name: str) -> None:
        raise ValueError(1)

    with TestClient(app, raise_server_exceptions=False) as client, caplog.at_level(logging.ERROR, "styrgraf"):
        assert client.get("/broken/a%0A2018 forged").status_code == 500
    assert caplog.records
    assert not any("\n" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    "path",
    ["/", "/aktorer", "/aktorer.csv", "/api/search?q=skola", "/api/views", "/openapi.json", "/finns-inte", "/api/chains",
     f"/diagrams/timeline.svg?about={PLAN}", f"/diagrams/timeline.mmd?about={PLAN}", "/healthz", "/fragor/finns-inte"],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_answer_is_what_it_says_it_is_also_when_it_was_kept(client: TestClient, path: str, accept: str) -> None:
    for _ in range(2):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
        if answer.headers["content-type"].startswith(("text/html", "image/svg")):
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert "script-src 'unsafe" not in answer.headers["content-security-policy"]


CELLS = ("=cmd|'/C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1", "-١.=1", "+46 31")


def _page_file(graph: Graph) -> str:
    rows = tuple(AnswerRow({"a": Cell(Literal(text), text)}, ()) for text in CELLS)
    table = Table("=T()", (Heading("a", "=A()"),), rows, parameters=(("@x", "=1+1"),))
    return as_csv(Visit(graph, "en", "/x").page("lista", "=HYPERLINK(1)", tables=[table])).decode()


def _answer_file(graph: Graph) -> str:
    answer = graph.answer("activities-by-responsible", {"actor": "byggnadsnämnden"})
    name, passage = answer.columns[0].name, replace(answer.rows[0].evidence[0], quote="=Q()", heading="=H()")
    return answer_csv(
        replace(answer, rows=tuple(AnswerRow({name: Cell(Literal(text), text)}, (passage,)) for text in CELLS))
    )


def _hits_file(graph: Graph) -> str:
    return hits_csv(graph.names, [Hit(PLAN, text, "=K()", text, "=D()", 1.0) for text in CELLS], "en")


@pytest.mark.parametrize("write", [_page_file, _answer_file, _hits_file])
def test_no_cell_of_a_file_is_run_as_a_formula(graph: Graph, write: Callable[[Graph], str]) -> None:
    written = write(graph)
    assert written.startswith("\ufeff")
    cells = [cell for line in csv.reader(io.StringIO(written[1:], newline="")) for cell in line]
    assert {f"'{text}" for text in CELLS} <= set(cells)
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠")]


def test_numbers_and_dates_in_a_file_stay_what_they_are(graph: Graph) -> None:
    rows = tuple(AnswerRow({"a": Cell(Literal(text), text)}, ()) for text in ("-1", "+4.5", "2018-01-18", "–", "a=b"))
    page = Visit(graph, "sv", "/x").page("lista", "x", tables=[Table("x", (Heading("a", "a"),), rows)])
    written = list(csv.reader(io.StringIO(as_csv(page).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [line[0] for line in written[1:6]] == ["-1", "+4.5", "2018-01-18", "–", "a=b"]


def test_an_empty_cell_stays_empty() -> None:
    assert [harmless(text) for text in ("", " ", "'", "a")] == ["", " ", "'", "a"]


async def _asked(turns: Turns, scope: Scope, left: asyncio.Event | None = None) -> tuple[int, Observed]:
    status: list[int] = []

    async def receive() -> Message:
        await (left or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    observed = Observed()
    await turns({**scope, "observed": observed}, receive, send)
    return (status or [0])[0], observed


def _crowded(line: Line, client: TestClient, path: str = "/fragor") -> tuple[Turns, asyncio.Event, dict[str, Any]]:
    """Turns before an application that works until the event is set, and the scope of a request to it."""
    done = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await done.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    headers = [(b"accept", b"application/json")]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "query_string": b"", "app": client.app,
             "client": ("192.0.2.1", 1)}  # fmt: skip
    return Turns(app, line, line), done, scope


def test_more_than_may_wait_is_refused_at_once_and_the_rest_is_answered(client: TestClient) -> None:
    async def crowd() -> list[int]:
        turns, done, scope = _crowded(Line(1, 3), client)
        asked = [asyncio.create_task(_asked(turns, scope | {"client": (f"192.0.2.{n}", 1)})) for n in range(6)]
        await asyncio.sleep(0.01)
        refused = [task.result()[0] for task in asked if task.done()]
        done.set()
        return refused + [status for status, _ in await asyncio.gather(*asked)]

    assert asyncio.run(crowd()) == [503, 503, 200, 200, 200, 200, 503, 503]


def test_one_client_takes_at_most_half_of_the_places(client: TestClient) -> None:
    async def crowd() -> tuple[list[int], int]:
        turns, done, scope = _crowded(Line(1, 3), client)
        asked = [asyncio.create_task(_asked(turns, scope)) for _ in range(4)]
        await asyncio.sleep(0.01)
        other = asyncio.create_task(_asked(turns, scope | {"client": ("198.51.100.1", 1)}))
        await asyncio.sleep(0.01)
        done.set()
        return [status for status, _ in await asyncio.gather(*asked)], (await other)[0]

    assert asyncio.run(crowd()) == ([200, 200, 503, 503], 200)


def test_nobody_waits_for_a_turn_longer_than_told(client: TestClient) -> None:
    async def crowd() -> Observed:
        turns, done, scope = _crowded(Line(1, 3, patience=0.02), client)
        first = asyncio.create_task(_asked(turns, scope))
        await asyncio.sleep(0.01)
        status, observed = await _asked(turns, scope)
        assert status == 503
        done.set()
        await first
        assert (await _asked(turns, scope))[0] == 200, "the turn was not given back"
        return observed

    assert asyncio.run(crowd()).outcome == "overloaded"


def test_who_leaves_while_waiting_gives_the_place_back(client: TestClient) -> None:
    async def crowd() -> tuple[int, Observed]:
        turns, done, scope = _crowded(Line(1, 3), client)
        first, left = asyncio.create_task(_asked(turns, scope)), asyncio.Event()
        waiting = asyncio.create_task(_asked(turns, scope, left))
        await asyncio.sleep(0.01)
        left.set()
        gone, observed = await waiting
        assert not first.done()
        done.set()
        await first
        assert (await _asked(turns, scope))[0] == 200
        return gone, observed

    status, observed = asyncio.run(crowd())
    assert (status, observed.outcome) == (0, "client-left")


def test_a_turn_ends_when_the_answer_begins_so_that_slow_readers_hold_none(client: TestClient) -> None:
    async def crowd() -> int:
        reading = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            if scope["client"][0] == "192.0.2.9":
                await reading.wait()

        _, _, scope = _crowded(Line(1, 0), client)
        turns = Turns(app, Line(1, 0))
        slow = asyncio.create_task(_asked(turns, scope | {"client": ("192.0.2.9", 1)}))
        await asyncio.sleep(0.01)
        status, _ = await _asked(turns, scope)
        reading.set()
        await slow
        return status

    assert asyncio.run(crowd()) == 200


def test_whether_the_service_lives_is_told_however_crowded_it_is(client: TestClient) -> None:
    async def crowd() -> int:
        turns, done, scope = _crowded(Line(1, 0), client)
        first = asyncio.create_task(_asked(turns, scope))
        await asyncio.sleep(0.01)
        health = asyncio.create_task(_asked(turns, scope | {"path": "/healthz"}))
        await asyncio.sleep(0.01)
        done.set()
        await first
        return (await health)[0]

    assert asyncio.run(crowd()) == 200
