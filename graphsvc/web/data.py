"""The whole release to download, the ontology to read, and whether the service is well."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from graphsvc.graph import Graph
from graphsvc.ontology import page

router = APIRouter()


@router.get("/data.nq", tags=["data"], response_class=FileResponse)
def download(request: Request) -> Response:
    """The whole release as N-Quads."""
    graph: Graph = request.app.state.graph
    return FileResponse(graph.release.folder / "data.nq", media_type="application/n-quads", filename="styrgraf.nq")


@router.get("/ns", tags=["data"], response_class=HTMLResponse)
def ontology(request: Request, lang: str = "sv") -> HTMLResponse:
    """The ontology as a page to read."""
    graph: Graph = request.app.state.graph
    return HTMLResponse(page(graph.store, graph.content, "en" if lang == "en" else "sv"))


@router.get("/healthz", tags=["operation"])
def health() -> dict[str, str]:
    """That the process lives."""
    return {"status": "ok"}


@router.get("/readyz", tags=["operation"])
def ready(request: Request) -> dict[str, Any]:
    """That a release is loaded, and which."""
    graph: Graph = request.app.state.graph
    manifest = graph.release.manifest
    return {"status": "ready", "release": manifest.name, "created": manifest.created, "counts": manifest.counts}
