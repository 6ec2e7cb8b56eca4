"""Public queries answered by a remote store: guarded and limited as those that worker processes answer."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

from graphsvc.errors import AnswerTooLarge, Overloaded, QueryRefused, QueryTimeout
from graphsvc.formats import Format
from graphsvc.settings import Settings
from graphsvc.store import guard, query_text
from graphsvc.store.public_query import PublicQuery, WholeAnswer
from graphsvc.store.remote import RemoteStore


class RemotePool:
    """Connections to one release in a remote store; `async with` opens and closes them."""

    def __init__(self, store: RemoteStore, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._threads = ThreadPoolExecutor(settings.endpoint_connections, thread_name_prefix="remote")
        self._calls: set[Future[bytes]] = set()

    async def __aenter__(self) -> RemotePool:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def read(self, store: RemoteStore) -> None:
        """Answer from another release from now on."""
        self._store = store

    async def ask(self, query: PublicQuery, client: str = "") -> WholeAnswer:
        """The answer to `query`, whole: nothing is told before it is known to be all there.

        As `answer`; QueryRefused where the request names a dataset, since the remote store has but one; AnswerTooLarge
        past the most rows, since bounding the query itself is more than some engines can take (Virtuoso sorts 10 000).
        """
        if query.dataset is not None:
            raise QueryRefused(
                "Lagret har bara den sammanslagna grafen. Utelämna default-graph-uri och named-graph-uri.",
                "The store has only the merged graph. Leave out default-graph-uri and named-graph-uri.",
            )
        answer = WholeAnswer(await self.answer(query.text, query.format), query.format)
        if answer.rows > self._settings.answer_rows:
            most = self._settings.answer_rows
            raise AnswerTooLarge(
                f"Svaret har fler än {most} rader. Begränsa frågan med LIMIT.",
                f"The answer has more than {most} rows. Limit the query with LIMIT.",
            )
        return answer

    async def answer(self, query: str, format: Format) -> bytes:
        """The answer to `query`, serialised.

        BadQuery, QueryRefused, QueryTimeout, AnswerTooLarge, every RemoteFailed, or Overloaded if too many queries wait
        already. A query that overruns is let go here; the remote store's own limit is what ends it there.
        """
        query = guard.unescaped(query)
        guard.check(query)
        query_text.check(query)
        if len(self._calls) >= self._settings.endpoint_connections + self._settings.query_queue:
            raise Overloaded
        call = self._threads.submit(self._store.answer, query, format, self._settings.answer_bytes)
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        try:
            async with asyncio.timeout(self._settings.query_seconds):
                return await asyncio.wrap_future(call)
        except TimeoutError:
            raise QueryTimeout(self._settings.query_seconds) from None

    def state(self) -> dict[str, object]:
        """How many queries are at the remote store or wait for it."""
        return {"quick": len(self._calls)}
