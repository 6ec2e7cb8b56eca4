"""The pages for readers over HTTP: each maker of the pages package at its path, and its tables as files beside it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from graphsvc import markup
from graphsvc.pages import asking, chain, comparison, diagram, exports, gaps, lists, matrix, questions, start, things
from graphsvc.pages.frame import Maker, Moved, Page, Visit
from graphsvc.web.errors import Refused

router = APIRouter(include_in_schema=False)
MODULES = (start, asking, questions, lists, things, gaps, matrix, chain, diagram, comparison)
"""The modules of pages: each has PAGES, a mapping from path (as FastAPI writes it) to what makes the page."""

_LONGEST_PARAMETER, _MOST_PARAMETERS = 2000, 30


def _route(path: str, make: Maker) -> None:
    """Serve what `make` makes at `path`, and what can be downloaded of it at the path with a file's ending."""
    if path != "/":
        router.add_api_route(path + ".{ending}", _file(make), methods=["GET", "HEAD"])
    router.add_api_route(path, _page(make), methods=["GET", "HEAD"])


def _page(make: Maker) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        made = make(_visit(request))
        if isinstance(made, Moved):
            return RedirectResponse(made.address, 303)
        frame = made.frame
        body = markup.render(made.template, frame.language, frame=frame, **made.values)
        headers = markup.POLICY | {"Content-Language": frame.language}
        return Response(body, made.status, headers, media_type="text/html")

    return answer


def _file(make: Maker) -> Callable[[Request, str], Response]:
    def answer(request: Request, ending: str) -> Response:
        if ending not in exports.MEDIA:
            raise Refused(404, "unknown-address", "Sidan finns inte.", "There is no such page.")
        made = make(_visit(request, ending))
        if isinstance(made, Moved):
            place, _, query = made.address.partition("?")
            return RedirectResponse(f"{place}.{ending}" + (f"?{query}" if query else ""), 303)
        if not isinstance(made, Page) or not made.tables:
            raise Refused(404, "unknown-address", "Sidan har inget att hämta.", "The page has nothing to download.")
        name = quote(exports.name_of(made, ending))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(exports.file_of(made, ending), media_type=exports.MEDIA[ending], headers=headers)

    return answer


def _visit(request: Request, ending: str = "") -> Visit:
    """What is asked, in plain values; Refused where it is more than any page takes."""
    given = dict(request.query_params)
    if len(given) > _MOST_PARAMETERS or any(len(value) > _LONGEST_PARAMETER for value in given.values()):
        raise Refused(
            400,
            "bad-parameter",
            "Adressen har fler eller längre parametrar än någon sida tar.",
            "The address has more or longer parameters than any page takes.",
        )
    language = "en" if given.pop("lang", "") == "en" else "sv"
    path = request.url.path.removesuffix(f".{ending}") if ending else request.url.path
    parts = {name: value for name, value in request.path_params.items() if name != "ending"}
    settings, graph = request.app.state.settings, request.app.state.graph
    return Visit(graph, language, path, parts, given, settings.public_address)


def is_page(path: str) -> bool:
    """Whether a page for readers, or a file of one, is at `path`; what is there, release and request alone determine."""
    return path == "/" or path[1:].partition("/")[0].partition(".")[0] in _FIRST


for _module in MODULES:
    for _at, _make in _module.PAGES.items():
        _route(_at, _make)
_FIRST = {at[1:].partition("/")[0] for module in MODULES for at in module.PAGES if at != "/"}
