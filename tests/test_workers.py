"""The worker pool: it answers, ends what takes too long or too much, is fair, and is whole afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from graphsvc.errors import AnswerTooLarge, BadQuery, Overloaded, QueryRefused, QueryTimeout, StyrgrafError
from graphsvc.formats import Format
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.store import guard
from graphsvc.store.lane import Lane
from graphsvc.store.public_query import PublicQuery, RdfDataset
from graphsvc.store.workers import SPARE, WorkerPool

T = TypeVar("T")
LIGHT = "SELECT (COUNT(*) AS ?n) WHERE { ?plan a styr:Plan }"
CROSS = "SELECT ?a ?i WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?i ?e"
COUNTED = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(CONCAT(STR(?a), STR(?d)) < STR(?g)) }"
REPLACED = (
    'SELECT ?x WHERE { BIND("aaaaaaaaaa" AS ?a) '
    + " ".join(f'BIND(REPLACE(?{chr(97 + i)}, "a", ?{chr(97 + i)}) AS ?{chr(98 + i)})' for i in range(8))
    + " BIND(?i AS ?x) }"
)
DOUBLED = (
    'SELECT (STRLEN(?v30) AS ?n) WHERE { BIND("a" AS ?v0) '
    + " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(30))
    + " }"
)
PATHS = "SELECT (COUNT(*) AS ?n) WHERE { ?a (!rdf:nil|^!rdf:nil)* ?b . ?b (!rdf:nil|^!rdf:nil)* ?c }"
BACKTRACKING = (
    'SELECT * WHERE { ?s ?p ?o . ?s2 ?p2 ?o2 . FILTER(REGEX(CONCAT(STR(?o), STR(?o2)), "(a|aa|[a-z]+)+(.*.*)*$q")) }'
)
NESTED_CALLS = "SELECT (" + "ABS(" * 1000 + "1" + ")" * 1000 + " AS ?x) {}"
NESTED_LISTS = "SELECT * { ?s ?p " + "(" * 400 + ")" * 400 + " }"
LONG_SUM = "SELECT (" + "1+" * 90_000 + "1 AS ?x) {}"
NEGATIONS = "SELECT (" + "!" * 150_000 + "true AS ?x) {}"
ABUSE = [CROSS, COUNTED, REPLACED, DOUBLED, PATHS, BACKTRACKING, NESTED_CALLS, NESTED_LISTS, LONG_SUM, NEGATIONS]
NAMES = ["cross product with ORDER BY", "cross product counted", "REPLACE bomb", "CONCAT bomb", "path bomb",
         "regular expression", "5 kB of calls", "400 collections", "long sum", "many negations"]  # fmt: skip
REFUSALS = (QueryTimeout, QueryRefused, AnswerTooLarge, BadQuery)


def with_pool(graph: Graph, settings: Settings, work: Callable[[WorkerPool], Awaitable[T]]) -> T:
    """What `work` gives with a pool over the shipped data."""

    async def run() -> T:
        async with WorkerPool(graph.release.folder / "store", settings) as pool:
            return await work(pool)

    return asyncio.run(run())


async def ask(
    pool: WorkerPool, query: str, form: str = "json", client: str = "", dataset: RdfDataset | None = None
) -> bytes:
    """The whole answer to `query`, read as the service reads it."""
    limited = guard.read(query, pool.settings.answer_rows).limited
    answer = await pool.ask(PublicQuery(query, Format(form), dataset, limited), client)
    try:
        return answer.first + b"".join([part async for part in answer.parts()])
    finally:
        answer.close()


async def whole(pool: WorkerPool) -> dict[str, object]:
    """The pool's state once every place has its worker again, and the spare one is there."""
    for _ in range(600):
        state = pool.state()
        if state["idle"] == pool.settings.query_workers + SPARE and not state["quick"] and not state["heavy"]:
            return state
        await asyncio.sleep(0.05)
    raise AssertionError(f"the pool is not whole: {pool.state()}")


def test_a_query_is_answered_in_the_format_asked_for(graph: Graph, settings: Settings) -> None:
    async def work(pool: WorkerPool) -> tuple[bytes, bytes]:
        return await ask(pool, LIGHT), await ask(pool, "ASK {}", "xml")

    table, answer = with_pool(graph, settings, work)
    assert b'"n"' in table
    assert b"<boolean>true</boolean>" in answer


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * WHERE {", BadQuery),
        ("INSERT DATA { <http://a> <http://b> <http://c> }", BadQuery),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", QueryRefused),
        ("CONSTRUCTWHERE { ?s ?p ?o } LIMIT 1", StyrgrafError),
    ],
)
def test_what_cannot_be_answered_is_told(
    graph: Graph, settings: Settings, query: str, expected: type[StyrgrafError]
) -> None:
    async def work(pool: WorkerPool) -> bytes:
        with pytest.raises(expected):
            await ask(pool, query)
        return await ask(pool, LIGHT)

    assert b'"n"' in with_pool(graph, settings, work)


def test_the_complaint_is_about_the_query_as_it_was_written(graph: Graph, settings: Settings) -> None:
    async def work(pool: WorkerPool) -> BadQuery:
        with pytest.raises(BadQuery) as caught:
            await ask(pool, "SELECT * { ?s ?p ?o } ORDER BY")
        return caught.value

    assert with_pool(graph, settings, work).line == 1


@pytest.mark.parametrize("query", ABUSE, ids=NAMES)
def test_abuse_ends_and_the_pool_is_whole_after_it(graph: Graph, settings: Settings, query: str) -> None:
    tight = replace(settings, query_seconds=1.5, query_workers=1, query_memory=256 << 20)

    async def work(pool: WorkerPool) -> bytes:
        async with asyncio.timeout(20):
            with contextlib.suppress(*REFUSALS):  # some are answered, by an engine that is wiser than we thought
                assert await ask(pool, query)
            assert (await whole(pool))["workers"] == 1 + SPARE
            return await ask(pool, LIGHT)

    assert b'"n"' in with_pool(graph, tight, work)


def test_light_queries_are_answered_beside_eight_heavy_ones(graph: Graph, settings: Settings) -> None:
    slow = replace(settings, query_seconds=60.0, query_workers=2, query_quick_seconds=0.1)

    async def work(pool: WorkerPool) -> dict[str, object]:
        heavy = [asyncio.create_task(ask(pool, COUNTED, client=str(number))) for number in range(8)]
        async with asyncio.timeout(30):
            for _ in range(50):
                assert b'"n"' in await ask(pool, LIGHT)
            while pool.heavy.taken < 8:
                await asyncio.sleep(0.05)
            for _ in range(50):
                assert b'"n"' in await ask(pool, LIGHT)
            assert not any(task.done() for task in heavy)
            for task in heavy:
                task.cancel()
            await asyncio.gather(*heavy, return_exceptions=True)
            return await whole(pool)

    state = with_pool(graph, slow, work)
    assert state["heavy"] == state["waiting"] == 0


def test_who_waits_behind_a_slow_query_is_answered_elsewhere(graph: Graph, settings: Settings) -> None:
    slow = replace(settings, query_seconds=60.0, query_workers=4, query_quick_seconds=30.0)

    async def work(pool: WorkerPool) -> int:
        heavy = asyncio.create_task(ask(pool, COUNTED))
        await asyncio.sleep(0)
        async with asyncio.timeout(20):
            answers = await asyncio.gather(*(ask(pool, LIGHT) for _ in range(40)))
        assert not heavy.done()
        heavy.cancel()
        await asyncio.gather(heavy, return_exceptions=True)
        return len(set(answers))

    assert with_pool(graph, slow, work) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the clock of another process is of Linux")
def test_a_light_query_on_a_slow_machine_is_not_taken_for_a_heavy_one(graph: Graph, settings: Settings) -> None:
    async def work(pool: WorkerPool) -> tuple[bytes, int]:
        for worker in pool._all:
            os.kill(worker.pid, signal.SIGSTOP)
        asked = asyncio.create_task(ask(pool, LIGHT))
        await asyncio.sleep(3 * pool.settings.query_quick_seconds)
        taken = pool.heavy.taken
        for worker in pool._all:
            os.kill(worker.pid, signal.SIGCONT)
        return await asked, taken + pool.counts["ended"]

    answer, heavy = with_pool(graph, settings, work)
    assert json.loads(answer)["results"]["bindings"]
    assert heavy == 0


def test_only_the_query_that_ends_a_worker_is_told_so(graph: Graph, settings: Settings) -> None:
    one = replace(settings, query_workers=1, query_memory=64 << 20, query_quick_seconds=5.0)

    async def work(pool: WorkerPool) -> list[object]:
        asked = [ask(pool, query) for query in (DOUBLED, LIGHT)]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        await whole(pool)
        return list(outcomes)

    bomb, light = with_pool(graph, one, work)
    assert isinstance(bomb, QueryRefused)
    assert b'"n"' in light  # type: ignore[operator]


def test_a_nursery_that_has_ended_is_opened_anew(graph: Graph, settings: Settings) -> None:
    async def work(pool: WorkerPool) -> bytes:
        pool._nursery._process.kill()  # type: ignore[union-attr]
        async with asyncio.timeout(20):
            while not pool.state()["ended"]:
                await asyncio.sleep(0.02)
            await whole(pool)
        return await ask(pool, LIGHT)

    assert b'"n"' in with_pool(graph, settings, work)


def test_what_finds_the_heavy_lane_full_waits_and_starts_anew(graph: Graph, settings: Settings) -> None:
    narrow = replace(settings, query_seconds=1.0, query_workers=1, heavy_workers=1, query_quick_seconds=0.1)

    async def work(pool: WorkerPool) -> list[object]:
        outcomes = await asyncio.gather(*(ask(pool, COUNTED) for _ in range(3)), return_exceptions=True)
        await whole(pool)
        return list(outcomes)

    outcomes = with_pool(graph, narrow, work)
    assert all(isinstance(outcome, QueryTimeout | Overloaded) for outcome in outcomes)
    assert sum(isinstance(outcome, QueryTimeout) for outcome in outcomes) >= 1


def test_too_many_waiting_are_turned_away(graph: Graph, settings: Settings) -> None:
    tight = replace(settings, query_seconds=1.0, query_workers=1, query_queue=2)

    async def work(pool: WorkerPool) -> list[object]:
        return await asyncio.gather(*(ask(pool, COUNTED) for _ in range(5)), return_exceptions=True)

    outcomes = with_pool(graph, tight, work)
    assert any(isinstance(outcome, Overloaded) for outcome in outcomes)
    assert all(isinstance(outcome, Overloaded | QueryTimeout) for outcome in outcomes)


def test_clients_take_turns() -> None:
    async def run() -> list[str]:
        lane, served = Lane(1, 10), []
        await lane.enter("first", 5)

        async def one(client: str) -> None:
            await lane.enter(client, 5)
            served.append(client)
            lane.leave(client)

        waiting = [asyncio.create_task(one(client)) for client in ("a", "a", "a", "b")]
        await asyncio.sleep(0)
        lane.leave("first")
        await asyncio.gather(*waiting)
        assert (lane.taken, lane.waiting) == (0, 0)
        return served

    assert asyncio.run(run()) == ["a", "b", "a", "a"]


def test_one_client_has_a_part_of_the_places_and_others_pass_by_its_queue() -> None:
    async def work() -> list[str]:
        lane, served = Lane(3, 10, 2), []

        async def wait(client: str) -> None:
            await lane.enter(client, 5)
            served.append(client)

        waiting = [asyncio.create_task(wait(client)) for client in ("a", "a", "a", "a", "b", "b", "c")]
        await asyncio.sleep(0)
        assert lane.taken == 3
        assert not lane.try_enter("a")
        for client in ("b", "a", "b", "a", "c", "a", "a"):
            lane.leave(client)
            await asyncio.sleep(0)
        await asyncio.gather(*waiting)
        assert (lane.taken, lane.waiting) == (0, 0)
        assert lane.try_enter("a")
        assert [lane.try_enter("") for _ in range(3)] == [True, True, False], "this machine may be a proxy for all"
        return served

    assert asyncio.run(work()) == ["a", "a", "b", "b", "a", "c", "a"]


def test_a_full_queue_gives_way_to_who_has_fewest() -> None:
    async def run() -> list[object]:
        lane = Lane(1, 3)
        await lane.enter("first", 5)
        greedy = [asyncio.create_task(lane.enter("a", 5)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await lane.enter("a", 5)
        modest = asyncio.create_task(lane.enter("b", 5))
        await asyncio.sleep(0)
        assert lane.waiting == 3
        for client in ("first", "a", "b", "a"):
            lane.leave(client)
            await asyncio.sleep(0)
        return [type(outcome) for outcome in await asyncio.gather(*greedy, modest, return_exceptions=True)]

    assert asyncio.run(run()) == [type(None), type(None), Overloaded, type(None)]


def test_who_waits_too_long_is_turned_away_and_leaves_no_trace() -> None:
    async def run() -> tuple[int, int]:
        lane = Lane(1, 3)
        await lane.enter("first", 5)
        with pytest.raises(Overloaded):
            await lane.enter("a", 0.01)
        cancelled = asyncio.create_task(lane.enter("b", 5))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.gather(cancelled, return_exceptions=True)
        lane.leave("first")
        return lane.taken, lane.waiting

    assert asyncio.run(run()) == (0, 0)


def test_a_client_that_leaves_ends_its_query(graph: Graph, settings: Settings) -> None:
    one = replace(settings, query_seconds=60.0, query_workers=1, heavy_workers=1)

    async def work(pool: WorkerPool) -> bytes:
        for pause in (0.05, 0.5):
            asked = asyncio.create_task(ask(pool, COUNTED))
            await asyncio.sleep(pause)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            async with asyncio.timeout(20):
                await whole(pool)
        return await ask(pool, LIGHT)

    assert b'"n"' in with_pool(graph, one, work)


@pytest.mark.parametrize(
    ("query", "form", "sign"),
    [
        ("SELECT * { ?s ?p ?o }", "json", b'"cut":{"rows":500,'),
        ("SELECT * { ?s ?p ?o } LIMIT 9999", "xml", b"<!-- cut: only the first 500"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "nt", b"# cut: only the first 500"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "rdf", b"<!-- cut: only the first 500"),
    ],
)
def test_an_answer_cut_at_the_limit_of_rows_says_so(
    graph: Graph, settings: Settings, query: str, form: str, sign: bytes
) -> None:
    few = replace(settings, answer_rows=500)

    async def work(pool: WorkerPool) -> bytes:
        return await ask(pool, query, form)

    assert sign in with_pool(graph, few, work)


def test_an_answer_at_its_own_limit_is_not_called_cut(graph: Graph, settings: Settings) -> None:
    few = replace(settings, answer_rows=500)

    async def work(pool: WorkerPool) -> tuple[bool, int, bool]:
        query = "SELECT * { ?s ?p ?o } LIMIT 5"
        answer = await pool.ask(PublicQuery(query, Format("csv"), None, guard.read(query, 500).limited))
        return answer.complete, answer.rows, answer.cut

    assert with_pool(graph, few, work) == (True, 5, False)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_large_answer_comes_in_parts_and_whole(graph: Graph, settings: Settings, form: str) -> None:
    async def work(pool: WorkerPool) -> tuple[bool, bytes]:
        query = "SELECT * { ?s ?p ?o }"
        answer = await pool.ask(PublicQuery(query, Format(form)))
        first, complete = answer.first, answer.complete
        rest = [part async for part in answer.parts()]
        await whole(pool)
        return complete, first + b"".join(rest)

    complete, body = with_pool(graph, settings, work)
    assert not complete
    expected = len(graph.store.select("SELECT * { ?s ?p ?o }").rows)
    assert (len(json.loads(body)["results"]["bindings"]) if form == "json" else body.count(b"\r\n") - 1) >= expected


def test_too_many_bytes_are_refused_even_after_the_first_part(graph: Graph, settings: Settings) -> None:
    tight = replace(settings, answer_bytes=200 << 10)

    async def work(pool: WorkerPool) -> bytes:
        with pytest.raises(AnswerTooLarge):
            await ask(pool, "SELECT * { ?s ?p ?o }")
        return await ask(pool, LIGHT)

    assert b'"n"' in with_pool(graph, tight, work)


def test_the_dataset_of_the_request_replaces_that_of_the_query(graph: Graph, settings: Settings) -> None:
    async def work(pool: WorkerPool) -> tuple[bytes, bytes]:
        nothing = RdfDataset(("http://example.org/none",), ())
        return await ask(pool, "ASK { ?s ?p ?o }"), await ask(pool, "ASK { ?s ?p ?o }", dataset=nothing)

    full, empty = with_pool(graph, settings, work)
    assert b"true" in full
    assert b"false" in empty


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_workers_and_not_the_service_are_ended_where_memory_runs_out(graph: Graph, settings: Settings) -> None:
    async def score(pool: WorkerPool) -> str:
        worker = await pool.take()
        try:
            return Path(f"/proc/{worker.pid}/oom_score_adj").read_text()
        finally:
            pool.discard(worker)

    assert with_pool(graph, settings, score).strip() == "1000"
    assert Path("/proc/self/oom_score_adj").read_text().strip() != "1000"


def test_workers_have_no_network_where_the_system_allows(graph: Graph, settings: Settings) -> None:
    async def work(pool: WorkerPool) -> object:
        return pool.state()["network"]

    wall = with_pool(graph, settings, work)
    assert wall in ("namespace", "filter", "open")
    if wall == "open":
        pytest.skip("systemet tillåter varken egna nätverk eller seccomp")
