"""/diagrams: the views, and the pictures they give, in every format."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from graphsvc.diagrams import Views, draw
from graphsvc.diagrams.picture import FORMATS, MEDIA_TYPES, format_named
from graphsvc.errors import UnknownFormat
from graphsvc.settings import Settings
from graphsvc.web.questions import Language, ServedGraph

router = APIRouter(tags=["diagrams"])
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:"  # its own style and typeface, and no script


@router.get("/api/views")
def list_views(graph: ServedGraph) -> list[dict[str, Any]]:
    """Every view: what it shows, and of what it can be drawn."""
    return [
        {"id": view.id, "title": view.title, "description": view.description, "orientation": view.orientation,
         "about": {"class": view.about.of, "label": view.about.label}, "formats": list(FORMATS)}
        for view in Views(graph.content)
    ]  # fmt: skip


@router.get(
    "/diagrams/{name}",
    responses={
        200: {"content": {media.partition(";")[0]: {} for media in MEDIA_TYPES.values()}},
        400: {},
        404: {},
        406: {},
        409: {},
    },
    response_class=Response,
)
def diagram(
    request: Request,
    graph: ServedGraph,
    name: str,
    about: Annotated[str, Query(description="Vad bilden ska visa: ett namn eller en IRI.")] = "",
    lang: Language = Language.sv,
    sheet: Annotated[int, Query(ge=1, description="Bladets nummer.")] = 1,
) -> Response:
    """A sheet of the picture that a view gives, as `{view}.{svg|png|pdf|dot|mmd|drawio}`.

    Headers tell how many sheets there are (`Styrgraf-Sheets`) and which release it was drawn from (`Styrgraf-Release`).
    """
    settings: Settings = request.app.state.settings
    view, dot, format = name.rpartition(".")
    if not dot:
        raise UnknownFormat("", FORMATS)
    kind = format_named(format)
    picture = draw(graph, view, about, lang, address=settings.public_address)
    told = {
        "Styrgraf-Sheets": str(len(picture.sheets)),
        "Styrgraf-Release": picture.release,
        "Content-Language": picture.language,
        "Content-Disposition": f'inline; filename="{view}-{sheet}.{kind}"',
    }
    if kind == "svg":
        told["Content-Security-Policy"] = _SVG_POLICY
    return Response(picture.render(kind, sheet), media_type=MEDIA_TYPES[kind], headers=told)
