"""/static/…: the style sheet, the script and the mark, which clients may keep, since their addresses hold their digests."""

from __future__ import annotations

from fastapi import APIRouter, Response

from graphsvc.markup.assets import by_address
from graphsvc.web.errors import Refused

router = APIRouter(include_in_schema=False)
_FOREVER = "public, max-age=31536000, immutable"


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def asset(name: str) -> Response:
    """The asset of that name, which holds its digest; 404 for one that is no longer referred to."""
    found = by_address().get(name)
    if found is None:
        raise Refused(404, "unknown-address", "Filen finns inte.")
    headers = {"Cache-Control": _FOREVER, "X-Content-Type-Options": "nosniff"}
    return Response(found.body, media_type=found.media, headers=headers)
