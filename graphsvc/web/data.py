"""The whole release to download."""

from __future__ import annotations

from enum import StrEnum

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from graphsvc.errors import NoRelease
from graphsvc.formats import Format
from graphsvc.release.build import Release
from graphsvc.web import linked

router = APIRouter()
router.include_router(linked.router)


class Download(StrEnum):
    """The whole release in each format, plain and compressed."""

    nq = "nq"
    trig = "trig"
    nq_gz = "nq.gz"
    trig_gz = "trig.gz"


@router.get("/data.{ending}", tags=["data"], response_class=FileResponse, responses={404: {}})
def download(request: Request, ending: Download) -> Response:
    """The whole release as N-Quads or TriG; NoRelease where it lies in another store, which has only the merged graph."""
    release = request.app.state.graph.release
    if not isinstance(release, Release):
        raise NoRelease("Utgåvan ligger i en annan databas. Hämta filerna där den byggdes, eller fråga /sparql.")
    name = ending.removesuffix(".gz")
    media = "application/gzip" if ending.endswith(".gz") else Format(name).media_type
    return FileResponse(release.folder / f"data.{ending}", media_type=media, filename=f"styrgraf.{ending}")
