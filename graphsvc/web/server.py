"""Runs the application: the only home of uvicorn."""

from __future__ import annotations

import uvicorn

from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.web.app import create_app


def run_server(graph: Graph, settings: Settings, host: str, port: int) -> None:
    """Serve until stopped. h11 parses requests: it refuses ambiguous lengths and oversized headers."""
    uvicorn.run(create_app(graph, settings), host=host, port=port, http="h11", ws="none", log_level="warning",
                server_header=False, h11_max_incomplete_event_size=64 << 10)  # fmt: skip
