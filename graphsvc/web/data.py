"""The whole release to download."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from graphsvc.errors import NoRelease
from graphsvc.formats import DATASETS, Format
from graphsvc.web import linked

router = APIRouter()
router.include_router(linked.router)


class Download(StrEnum):
    """The whole release in each format, plain and compressed."""

    nq = "nq"
    trig = "trig"
    nq_gz = "nq.gz"
    trig_gz = "trig.gz"


_GZIP = "application/gzip"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {_GZIP: {}} | {Format(name).media_type: {} for name in DATASETS},
    },
    404: {"description": "The release lies in another store and was built elsewhere: get the files there, or ask /sparql."},
}


@router.head("/data.{ending}", include_in_schema=False)
@router.get("/data.{ending}", tags=["data"], response_class=FileResponse, responses=_RESPONSES)
def download(request: Request, ending: Download) -> Response:
    """The whole release as N-Quads or TriG; NoRelease where it was built elsewhere and lies in another store.

    Another store has only the merged graph, without the graphs of the texts, and a limit on what is read of it at once.
    """
    file = request.app.state.graph.release.folder / f"data.{ending}"
    if not file.is_file():
        raise NoRelease(
            "Utgåvan ligger i en annan databas och är byggd någon annanstans. Hämta filerna där, eller fråga /sparql.",
            "The release lies in another store and was built elsewhere. Get the files there, or ask /sparql.",
        )
    name = ending.removesuffix(".gz")
    media = _GZIP if ending.endswith(".gz") else Format(name).media_type
    return FileResponse(file, media_type=media, filename=f"styrgraf.{ending}")
