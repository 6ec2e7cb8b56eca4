"""The application: its routes together, what stands around them, and its life."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.web import ask, catalogue, chains, data, diagrams, operation, pages, questions, remiss, search, static
from graphsvc.web.cache import KeptAnswers
from graphsvc.web.errors import handle_errors
from graphsvc.web.metrics import Metrics
from graphsvc.web.openapi import complete
from graphsvc.web.serving import serving
from graphsvc.web.sparql import SparqlEndpoint
from graphsvc.web.sparql_openapi import sparql_paths
from graphsvc.web.turns import Turns


def create_app(graph: Graph, settings: Settings) -> FastAPI:
    """The service over `graph`."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with serving(app, graph, settings):
            app.state.open = True
            try:
                yield
            finally:
                app.state.open = False

    app = _Application(
        title="Styrgraf",
        description="Vem som ansvarar för vad i styrande dokument, och var det står.",
        version=graph.release.manifest.name,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.graph, app.state.settings, app.state.metrics = graph, settings, Metrics()
    for router in (
        operation.router,
        questions.router,
        search.router,
        ask.router,
        chains.router,
        data.router,
        catalogue.router,
        diagrams.router,
        remiss.router,
        pages.router,
        static.router,
    ):
        app.include_router(router)
    handle_errors(app)
    kept = KeptAnswers(Turns(app.routed), settings.cache_bytes, pages.is_page)
    app.outermost = operation.Operation(SparqlEndpoint(kept, settings), settings, app.state.metrics)
    return app


class _Application(FastAPI):
    """The application; what stands around it is called first, so that the hot path does not go through its layers."""

    outermost: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.outermost(scope, receive, send)

    async def routed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What the routes answer."""
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description of all that is served."""
        told = super().openapi()
        told["paths"] |= sparql_paths()
        return complete(told)
