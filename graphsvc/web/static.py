"""What pages refer to: the style sheet, scripts and mark (/static/…), and the typeface of pictures (/typsnitt/…)."""

from __future__ import annotations

from fastapi import APIRouter, Response

from graphsvc.diagrams import fonts
from graphsvc.markup.assets import by_address
from graphsvc.web.errors import Refused

router = APIRouter(include_in_schema=False)
_WEIGHTS = {"regular": fonts.REGULAR, "bold": fonts.BOLD}


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def asset(name: str) -> Response:
    """The asset of that name, which holds its digest; 404 for one that is no longer referred to."""
    found = by_address().get(name)
    if found is None:
        raise Refused(404, "unknown-address", "Filen finns inte.", "There is no such file.")
    return Response(found.body, media_type=found.media, headers={"Cache-Control": "public, max-age=31536000, immutable"})


@router.api_route("/typsnitt/{name}.woff", methods=["GET", "HEAD"])
def typeface(name: str) -> Response:
    """The typeface in the weight of that name (regular or bold); 404 for another."""
    if name not in _WEIGHTS:
        raise Refused(404, "unknown-address", "Filen finns inte.", "There is no such file.")
    body = fonts.woff(_WEIGHTS[name])
    return Response(body, media_type="font/woff", headers={"Cache-Control": "public, max-age=2592000"})
