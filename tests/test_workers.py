"""The worker pool: it answers, ends what takes too long or too much, and is whole afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from graphsvc.errors import AnswerTooLarge, BadQuery, Overloaded, QueryRefused, QueryTimeout, StyrgrafError
from graphsvc.formats import Format
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.store.workers import WorkerPool

T = TypeVar("T")
LIGHT = "SELECT (COUNT(*) AS ?n) WHERE { ?plan a styr:Plan }"
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(CONCAT(STR(?a), STR(?d)) < STR(?g)) }"
BOMB = (
    'SELECT ?x WHERE { BIND("aaaaaaaaaa" AS ?a) '
    + " ".join(f'BIND(REPLACE(?{chr(97 + i)}, "a", ?{chr(97 + i)}) AS ?{chr(98 + i)})' for i in range(8))
    + " BIND(?i AS ?x) }"
)


def with_pool(graph: Graph, settings: Settings, work: Callable[[WorkerPool], Awaitable[T]]) -> T:
    """What `work` gives with a pool over the shipped data."""

    async def run() -> T:
        async with WorkerPool(graph.release.folder / "store", settings) as pool:
            return await work(pool)

    return asyncio.run(run())


def test_a_query_is_answered_in_the_format_asked_for(graph: Graph, settings: Settings) -> None:
    async def work(pool: WorkerPool) -> tuple[bytes, bytes]:
        return await pool.answer(LIGHT, Format("json")), await pool.answer("ASK {}", Format("xml"))

    table, ask = with_pool(graph, settings, work)
    assert b'"n"' in table
    assert b"<boolean>true</boolean>" in ask


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (CROSS, QueryTimeout),
        (BOMB, (QueryRefused, AnswerTooLarge, QueryTimeout)),
        ("SELECT * WHERE { ?s ?p ?o . ?s2 ?p2 ?o2 } LIMIT 3000000", (AnswerTooLarge, QueryTimeout)),
        ("SELECT * WHERE {", BadQuery),
        ("INSERT DATA { <http://a> <http://b> <http://c> }", BadQuery),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", QueryRefused),
    ],
)
def test_what_cannot_be_answered_ends_and_the_pool_is_whole_after_it(
    graph: Graph, settings: Settings, query: str, expected: type[StyrgrafError] | tuple[type[StyrgrafError], ...]
) -> None:
    tight = replace(settings, query_seconds=1.0, query_workers=1, query_memory=1 << 29, answer_bytes=1 << 20)

    async def work(pool: WorkerPool) -> bytes:
        with pytest.raises(expected):
            await pool.answer(query, Format("json"))
        return await pool.answer(LIGHT, Format("json"))

    assert b'"n"' in with_pool(graph, tight, work)


def test_too_many_waiting_are_turned_away(graph: Graph, settings: Settings) -> None:
    tight = replace(settings, query_seconds=1.0, query_workers=1, query_queue=2)

    async def work(pool: WorkerPool) -> list[object]:
        return await asyncio.gather(*(pool.answer(CROSS, Format("json")) for _ in range(5)), return_exceptions=True)

    outcomes = with_pool(graph, tight, work)
    assert any(isinstance(outcome, Overloaded) for outcome in outcomes)
    assert all(isinstance(outcome, Overloaded | QueryTimeout) for outcome in outcomes)


def test_a_client_that_leaves_ends_its_query(graph: Graph, settings: Settings) -> None:
    one = replace(settings, query_seconds=60.0, query_workers=1)

    async def work(pool: WorkerPool) -> bytes:
        asked = asyncio.create_task(pool.answer(CROSS, Format("json")))
        await asyncio.sleep(0.3)
        asked.cancel()
        async with asyncio.timeout(5):
            return await pool.answer(LIGHT, Format("json"))

    assert b'"n"' in with_pool(graph, one, work)
