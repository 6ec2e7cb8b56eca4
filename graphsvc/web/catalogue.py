"""/catalog, /.well-known/void and the service description of /sparql: the service described for programs."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from graphsvc.catalogue.describe import Descriptions, Kind
from graphsvc.errors import UnknownFormat
from graphsvc.formats import GRAPHS, Format, named
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.web.cache import is_known
from graphsvc.web.negotiation import best

router = APIRouter(tags=["descriptions"])
_WHOLE = "data.nq"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {Format(name).media_type: {} for name in GRAPHS}, "description": "The description, as RDF."},
    304: {"description": "Unchanged since the version that the client has."},
    406: {"description": "None of the formats that were asked for is there."},
}
_Format = Annotated[str | None, Query(description=f"{', '.join(GRAPHS)}; otherwise chosen by Accept")]


@router.head("/catalog", include_in_schema=False)
@router.get("/catalog", response_class=Response, responses=_RESPONSES)
def catalogue(request: Request, format: _Format = None) -> Response:
    """The catalogue of the dataset and its services (DCAT-AP-SE 3)."""
    return _answer(request, "catalogue", format)


@router.head("/.well-known/void", include_in_schema=False)
@router.get("/.well-known/void", response_class=Response, responses=_RESPONSES)
def void(request: Request, format: _Format = None) -> Response:
    """What the dataset holds and how to get at it (VoID)."""
    return _answer(request, "void", format)


def service_description(request: Request, format: str | None = None) -> Response:
    """What /sparql answers when it is asked nothing (SPARQL 1.1 Service Description §2); UnknownFormat as the others."""
    return _answer(request, "service", format)


def _answer(request: Request, kind: Kind, form: str | None) -> Response:
    format = named(form, GRAPHS) if form else _negotiated(request.headers.get("accept"))
    body = _descriptions(request).answer(kind, format)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    if is_known(etag, request.headers.get("if-none-match", ""), lambda: True):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=format.media_type, headers=headers)


def _descriptions(request: Request) -> Descriptions:
    """The descriptions of the release that is served now, kept as long as it and the settings stay."""
    graph: Graph = request.app.state.graph
    settings: Settings = request.app.state.settings
    kept: Descriptions | None = getattr(request.app.state, "descriptions", None)
    if kept is None or kept.manifest != graph.release.manifest or kept.settings != settings:
        release = graph.release
        counted, files = release.counted(), (release.folder / _WHOLE).is_file()
        kept = Descriptions(graph.store, graph.content, release.manifest, settings, graph.questions, counted, files)
        request.app.state.descriptions = kept
    return kept


def _negotiated(accept: str | None) -> Format:
    """The RDF format that `accept` likes best (RFC 9110 §12.5.1), Turtle before others; UnknownFormat if it takes none."""
    offered = {Format(name).media_type: Format(name) for name in GRAPHS}
    media = best(accept, list(offered))
    if media is None:
        raise UnknownFormat(accept or "", list(offered))
    return offered[media]
