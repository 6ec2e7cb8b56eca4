"""/remiss: appendices to documents for consultation, as Word and PDF."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from graphsvc.remiss import MEDIA_TYPES, Order, file_name, make
from graphsvc.remiss.addresses import document_at
from graphsvc.web.cache import etag_of, is_known
from graphsvc.web.questions import Language, ServedGraph

router = APIRouter(tags=["remiss"])
_LONGEST = 300


class Form(StrEnum):
    """What an appendix comes as."""

    docx = "docx"
    pdf = "pdf"


class Part(StrEnum):
    """The whole appendix, one figure of it, or the compilation of the answers."""

    appendix = "appendix"
    figure = "figure"
    answers = "answers"


_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {media: {} for media in MEDIA_TYPES.values()}},
    304: {"description": "The file is the one that If-None-Match names."},
    400: {"description": "A parameter does not go with another"},
    404: {
        "description": "No such document, actor or view, or the view has nothing to show; the nearest names are suggested"
    },
    409: {"description": "Several things have that name; the candidates are given"},
}


@router.head("/remiss/{document:path}.{form}", include_in_schema=False)
@router.get("/remiss/{document:path}.{form}", response_class=Response, responses=_RESPONSES)
def appendix(
    request: Request,
    graph: ServedGraph,
    document: str,
    form: Form,
    body: Annotated[str, Query(alias="for", max_length=_LONGEST, description="Only what it means for this actor")] = "",
    part: Part = Part.appendix,
    view: Annotated[str, Query(max_length=_LONGEST, description="The view that part=figure shows")] = "",
    lang: Language = Language.sv,
) -> Response:
    """The appendix to a document, by its place and slug, its slug or its name; the same release gives the same bytes."""
    iri = document_at(graph, document, lang.value)
    address = request.app.state.settings.public_address
    order = Order(iri, part.value, body, view, lang.value, address, form.value)
    etag = etag_of(graph.release.manifest.name, "remiss", *map(str, vars(order).values()))
    headers = {"ETag": etag, "Cache-Control": "public, no-cache", "Vary": "Accept"}
    if is_known(etag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    made = make(graph, order)
    headers |= {
        "Content-Disposition": f'attachment; filename="{quote(file_name(order))}"',
        "Content-Language": lang.value,
    }
    return Response(made, media_type=MEDIA_TYPES[form.value], headers=headers)
