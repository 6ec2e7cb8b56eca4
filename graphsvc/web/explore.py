"""/typsnitt/…: the typeface of pictures, for the pages that show one as a part of themselves."""

from __future__ import annotations

from fastapi import APIRouter, Response

from graphsvc.diagrams import fonts
from graphsvc.web.errors import Refused

router = APIRouter(include_in_schema=False)
_WEIGHTS = {"regular": fonts.REGULAR, "bold": fonts.BOLD}
_LONG = "public, max-age=2592000"


@router.api_route("/typsnitt/{name}.woff", methods=["GET", "HEAD"])
def typeface(name: str) -> Response:
    """The typeface in the weight of that name (regular or bold); 404 for another."""
    if name not in _WEIGHTS:
        raise Refused(404, "unknown-address", "Filen finns inte.")
    headers = {"Cache-Control": _LONG, "X-Content-Type-Options": "nosniff"}
    return Response(fonts.woff(_WEIGHTS[name]), media_type="font/woff", headers=headers)
