"""What runs as long as the application does: the pool that answers public queries, and the watch on a remote's releases."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph, open_remote
from graphsvc.release.build import Release
from graphsvc.settings import Settings
from graphsvc.store.workers import WorkerPool

_LOOK_SECONDS = 5.0
_log = logging.getLogger("graphsvc")


@asynccontextmanager
async def serving(app: FastAPI, graph: Graph, settings: Settings) -> AsyncIterator[None]:
    """Answer public queries from `app.state.pool`; `app.state.graph` follows a remote to its current release."""
    if isinstance(graph.release, Release):
        async with WorkerPool(graph.release.folder / "store", settings) as pool:
            app.state.pool = pool
            yield
        return
    from graphsvc.store.proxied import RemotePool  # SPARQLWrapper takes long to import

    async with RemotePool(graph.release.open(), settings) as remote_pool:
        app.state.pool = remote_pool
        watch = asyncio.create_task(_follow(app, settings))
        try:
            yield
        finally:
            watch.cancel()


async def _follow(app: FastAPI, settings: Settings) -> None:
    """Look now and then which release is current; a request already begun is answered from the one it began with."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        try:
            there = await asyncio.to_thread(open_remote, settings)
            if there.release.manifest == app.state.graph.release.manifest:
                continue
            await asyncio.to_thread(getattr, there, "names")  # made where it is missing, before anybody waits for it
        except StyrgrafError as error:
            _log.warning("%s", error)
        else:
            app.state.graph = there
            app.state.pool.read(there.store)
