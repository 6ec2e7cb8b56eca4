"""Runs the application: the home of uvicorn."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from contextlib import suppress

import uvicorn
from fastapi import FastAPI

from graphsvc.ask import ask
from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph, open_graph
from graphsvc.settings import Settings
from graphsvc.store import isolation
from graphsvc.web.app import create_app
from graphsvc.web.protocol import StrictHttp

_SLACK_SECONDS = 5.0
_MOST_CONNECTIONS = 2000
_READY_SECONDS = 1.0
_FILES = 500  # beside connections: stores, pipes to workers, the log


def run_server(graph: Graph, settings: Settings, host: str, port: int) -> None:
    """Serve until stopped (SIGTERM, SIGINT): what has begun is finished first, as long as a query may take.

    With `settings.web_workers` above one, so many processes answer at the same address, each with workers of its own and on
    a processor of its own.
    """
    several = settings.web_workers > 1
    isolation.work_in_batches()
    isolation.allow_files(_MOST_CONNECTIONS + _FILES)
    if several:
        os.environ |= settings.to_environment()  # what the processes that uvicorn starts read their settings from
    uvicorn.run(
        "graphsvc.web.server:application" if several else _lasting(create_app(graph, settings)),
        factory=several,
        workers=settings.web_workers if several else None,
        host=host,
        port=port,
        http=StrictHttp,
        loop="uvloop",
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=int(settings.query_seconds + _SLACK_SECONDS),
    )


def application() -> FastAPI:
    """The application of one of several web processes, by the settings of the environment."""
    settings = Settings.from_environment()
    _, _, number = multiprocessing.current_process().name.rpartition("-")
    isolation.keep_to_one_processor(int(number) if number.isdigit() else 0)
    isolation.work_in_batches()
    return _lasting(create_app(open_graph(settings), settings))


def _lasting(app: FastAPI) -> FastAPI:
    """`app`, which with all that was imported for it is never looked through for garbage: that would stop every request."""
    gc.collect()
    gc.freeze()
    reading = threading.Timer(_READY_SECONDS, _read_for_asking, (app.state.graph,))
    reading.daemon = True
    reading.start()
    return app


def _read_for_asking(graph: Graph) -> None:
    """Read what asking needs while the service already answers, so that nobody waits for it (two seconds)."""
    with suppress(StyrgrafError):  # told to whoever asks
        ask(graph, next(iter(graph.questions)).examples["sv"][0])
    gc.collect()
    gc.freeze()
