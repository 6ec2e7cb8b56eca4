"""/id/… and /ns: every IRI of the data and of the ontology, as a page and as RDF.

What an IRI names decides how it answers (W3C Cool URIs for the Semantic Web §4.2, TAG httpRange-14): actors, documents,
facts, concepts and findings are things, so their IRIs answer 303 See Other with the document that describes them; the
ontology and the files of shapes are documents themselves, so they answer 200. A description's address is the IRI's path
and a suffix.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from graphsvc import markup
from graphsvc.errors import NoRelease, UnknownFormat
from graphsvc.formats import Format
from graphsvc.graph import Graph
from graphsvc.labels import bind
from graphsvc.linked import arrangement, definitions, description, ontology, triples
from graphsvc.linked.definitions import Definitions
from graphsvc.linked.description import Describer
from graphsvc.namespaces import BASE
from graphsvc.release.addresses import earlier_had
from graphsvc.terms import Iri
from graphsvc.web.cache import is_known
from graphsvc.web.negotiation import best
from graphsvc.web.questions import Language

router = APIRouter(tags=["linked data"])
_RDF = {"ttl": "Turtle", "jsonld": "JSON-LD", "rdf": "RDF/XML", "nt": "N-Triples"}
_MEDIA = {"html": "text/html"} | {name: Format(name).media_type for name in _RDF}
_LONGEST_PATH = 2000
_PATH = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@/-]+")
_PROBLEM = "application/problem+json"
_SHAPES = "ns/shape/"


@dataclass(frozen=True)
class Asked:
    """What is asked for: a path under the base without its suffix, and the suffix if there was one."""

    path: str
    suffix: str | None

    @classmethod
    def read(cls, path: str) -> Asked:
        """The parts of `path`, which is percent-decoded."""
        stem, _, suffix = path.rpartition(".")
        return cls(stem, suffix) if stem and suffix in _MEDIA else cls(path, None)

    @property
    def iri(self) -> str:
        """The IRI that the path stands for."""
        return BASE + self.path

    @property
    def place(self) -> str:
        """The path as it is written in an address."""
        return "/" + quote(self.path)


class Shelf:
    """One release as linked data: its describer, its definitions, and the validators of all it answers (RFC 9110 §8.8)."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.definitions = graph, Definitions(graph.content)
        self.describer = Describer(graph.store, graph.content, self.definitions.findings)
        self.release = graph.release.manifest.name
        self.modified = datetime.fromisoformat(graph.release.manifest.created).astimezone(UTC).replace(microsecond=0)

    @cached_property
    def _made_by(self) -> str:
        """What besides the release makes an answer what it is: the templates and the modules that write it."""
        modules = (arrangement, definitions, description, ontology, markup, triples)
        code = [Path(__file__), *(Path(module.__file__ or "") for module in modules)]
        return markup.version() + hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()

    def etag(self, path: str, name: str, language: str, seed: str = "") -> str:
        """The strong validator of the document at `path` in the format `name` (in RDF all languages stand together).

        `seed` is the digest of what the release does not fix.
        """
        parts = (self.release, self._made_by, path, name, language if name == "html" else "", seed)
        return f'"{hashlib.sha256(chr(0).join(parts).encode("utf-8", "replace")).hexdigest()[:32]}"'


def _documented(path: str, answer: Callable[..., Response], summary: str) -> None:
    """Route GET and HEAD to `answer`; only GET is listed in the OpenAPI description, whose operations need one name each."""
    told: dict[int | str, dict[str, Any]] = {
        200: {"description": "The document.", "content": {media: {} for media in _MEDIA.values()}},
        303: {"description": "What is asked for is a thing: the document that describes it."},
        304: {"description": "Unchanged since the version that the client has."},
        404: {"description": "Nothing has that address.", "content": {_PROBLEM: {}, "text/html": {}}},
        406: {"description": "None of the formats that were asked for is there.", "content": {_PROBLEM: {}}},
        410: {"description": "An earlier release had it.", "content": {_PROBLEM: {}, "text/html": {}}},
    }
    router.add_api_route(path, answer, methods=["GET", "HEAD"], include_in_schema=False)
    router.add_api_route(path, answer, methods=["GET"], summary=summary, responses=told, response_class=Response)


def thing(request: Request, path: str, lang: Language = Language.sv) -> Response:
    """A thing of the data: 303 to its description, or with a suffix the description itself."""
    return _thing(request, Asked.read("id/" + path), lang)


def term(request: Request, path: str, lang: Language = Language.sv) -> Response:
    """A concept, a scheme, a finding's definition or a file of shapes."""
    asked = Asked.read("ns/" + path)
    if asked.path.startswith(_SHAPES):
        return _shapes(request, asked, lang)
    return _thing(request, asked, lang)


def ontology_document(request: Request, lang: Language = Language.sv, suffix: str = "") -> Response:
    """The ontology, which its hash terms lead to: as a page to read, or as RDF."""
    if suffix and suffix not in _MEDIA:
        return _missing(request, Asked(f"ns.{suffix}", None), lang)
    asked, shelf = Asked("ns", suffix or None), _shelf(request)

    def write(name: str) -> str | bytes:
        if name != "html":
            return shelf.definitions.ontology(Format(name))
        return ontology.page(shelf.definitions.terms, shelf.graph.content, lang, **_frame(shelf, asked, lang))

    return _document(request, asked, lang, write)


_documented("/id/{path:path}", thing, "A thing, described")
_documented("/ns/{path:path}", term, "A concept, a finding or the shapes of a class, described")
_documented("/ns", ontology_document, "The ontology")
_documented("/ns.{suffix}", ontology_document, "The ontology in one format")


def _thing(request: Request, asked: Asked, lang: Language) -> Response:
    shelf = _shelf(request)

    def write(name: str) -> str | bytes | None:
        if name != "html":
            return shelf.describer.triples(asked.iri, Format(name))
        found = shelf.describer.describe(asked.iri, lang)
        query = bind(shelf.graph.content.lookup("description-pointing-all"), {"thing": [Iri(asked.iri)]})
        frame = _frame(shelf, asked, lang) | {"pointing_query": f"/sparql?query={quote(query, safe='')}"}
        return markup.render("thing", lang, found=found, **frame) if found else None

    if not _is_address(asked):
        return _missing(request, asked, lang)
    if asked.suffix:
        return _document(request, asked, lang, write, lambda: shelf.describer.knows(asked.iri))
    name = _negotiated(request)
    return _see_other(asked, name, asked.place, lang) if shelf.describer.knows(asked.iri) else _missing(request, asked, lang)


def _shapes(request: Request, asked: Asked, lang: Language) -> Response:
    """A file of shapes is a document; a shape in it is a thing that the file describes."""
    shelf, stem = _shelf(request), asked.path.removeprefix(_SHAPES)
    known = shelf.definitions
    if home := known.stem_of(asked.iri):
        place = f"/{_SHAPES}{quote(home)}"
        return _see_other(asked, asked.suffix or _negotiated(request), place, lang, f"#{quote(stem)}")

    def write(name: str) -> str | bytes:
        if name == "ttl":
            return known.shape_source(stem)
        if name != "html":
            return known.shapes(stem, Format(name))
        told = {"stem": stem, "shapes": known.shape_list(stem, lang), "source": known.shape_source(stem)}
        return markup.render("shapes", lang, **told, **_frame(shelf, asked, lang))

    if not known.has_shapes(stem):
        return _missing(request, asked, lang)
    # blank nodes get new labels in each process, and the shapes of the ontology are no part of a release
    return _document(request, asked, lang, write, seed=lambda name: known.digest_of_shapes(
        stem, None if name in ("ttl", "html") else Format(name)))  # fmt: skip


def _document(
    request: Request,
    asked: Asked,
    lang: Language,
    write: Callable[[str], str | bytes | None],
    exists: Callable[[], bool] = lambda: True,
    seed: Callable[[str], str] = lambda name: "",
) -> Response:
    """The document at the path asked for; 304 before it is written where the client has it already."""
    shelf, name = _shelf(request), asked.suffix or _negotiated(request)
    etag = shelf.etag(asked.path, name, lang, seed(name))
    headers = _headers(asked, name) | {"ETag": etag, "Last-Modified": format_datetime(shelf.modified, usegmt=True)}
    headers["Content-Location"] = f"{asked.place}.{name}{_query(name, lang)}"
    if _is_unchanged(request, etag, shelf.modified, exists):
        return Response(status_code=304, headers=headers)
    if name == "html":
        headers |= markup.POLICY | {"Content-Language": str(lang)}
    body = write(name)
    return _missing(request, asked, lang) if body is None else Response(body, media_type=_MEDIA[name], headers=headers)


def _see_other(asked: Asked, name: str, place: str, lang: Language, fragment: str = "") -> Response:
    """303 to the document at `place` that describes what was asked for."""
    target = f"{place}.{name}{_query(name, lang)}{fragment if name == 'html' else ''}"
    return Response(status_code=303, headers=_headers(asked, name) | {"Location": target})


def _headers(asked: Asked, name: str) -> dict[str, str]:
    """The links to the other formats, to the description as data and to the IRI itself (RFC 8288, 6892), and caching."""
    links = [f'<{asked.place}.{other}>; rel="alternate"; type="{media}"' for other, media in _MEDIA.items() if other != name]
    links.append(f'<{asked.place}.ttl>; rel="describedby"; type="{_MEDIA["ttl"]}"')
    links += [f'<{BASE}{quote(asked.path)}>; rel="{relation}"' for relation in ("canonical", "describes")]
    return {"Link": ", ".join(links), "Vary": "Accept", "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "Link, ETag, Content-Location"}  # fmt: skip


def _missing(request: Request, asked: Asked, lang: Language) -> Response:
    """404, or 410 where an earlier release had it: a problem (RFC 9457) to programs, a page to people."""
    release, shelf = request.app.state.graph.release, _shelf(request)
    gone = False
    with suppress(NoRelease):  # a release that is only in a remote store has no list beside it
        gone = _is_address(asked) and earlier_had(release.folder, release.manifest.number, asked.iri)
    status, kind = (410, "gone") if gone else (404, "unknown-address")
    title, detail = _MISSING[status, str(lang)]
    headers = {"Vary": "Accept", "Access-Control-Allow-Origin": "*"}
    if best(request.headers.get("accept"), (_PROBLEM, "application/json", "text/html")) != "text/html":
        told = {"type": f"urn:styrgraf:{kind}", "title": kind, "status": status, "detail": detail, "iri": asked.iri[:300]}
        return JSONResponse(told, status, headers, media_type=_PROBLEM)
    told = {"status": status, "title": title, "detail": detail, "iri": BASE + quote(asked.path)[:300]}
    page = markup.render("missing", lang, frame=markup.Frame(lang, "/", title=title, release=shelf.release), **told)
    return Response(page, status, headers | markup.POLICY, media_type="text/html")


_MISSING = {
    (404, "sv"): ("Adressen finns inte", "Inget i grafen har den här adressen."),
    (404, "en"): ("No such address", "Nothing in the graph has this address."),
    (410, "sv"): ("Borttaget", "En tidigare utgåva av grafen hade den här adressen, men inte den som visas nu."),
    (410, "en"): ("Gone", "An earlier release of the graph had this address, but not the one shown now."),
}


def _is_address(asked: Asked) -> bool:
    """Whether the path could be one of ours at all (RFC 3986 §3.3); what could not is not looked for."""
    return len(asked.path) <= _LONGEST_PATH and _PATH.fullmatch(asked.path) is not None


def _is_unchanged(request: Request, etag: str, modified: datetime, exists: Callable[[], bool]) -> bool:
    """Whether the client's version is this one (RFC 9110 §13.1.2, §13.1.3, §13.2.2).

    Only the tag itself shows that there is such a document; anything else must ask whether it `exists`.
    """
    if tags := request.headers.get("if-none-match"):
        return is_known(etag, tags, exists)
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, TypeError):
        return False
    return modified <= (since if since.tzinfo else since.replace(tzinfo=UTC)) and exists()


def _negotiated(request: Request) -> str:
    accept = request.headers.get("accept")
    media = best(accept, tuple(_MEDIA.values()))
    if media is None:
        raise UnknownFormat(accept or "", list(_MEDIA.values()))
    return next(name for name, known in _MEDIA.items() if known == media)


def _query(name: str, lang: Language) -> str:
    return "?lang=en" if name == "html" and lang == Language.en else ""


def _frame(shelf: Shelf, asked: Asked, lang: Language) -> dict[str, Any]:
    """What every page shows around its own content, and of the thing as data."""
    manifest = shelf.graph.release.manifest
    others = tuple((_MEDIA[name], f"{asked.place}.{name}", label) for name, label in _RDF.items())
    frame = markup.Frame(lang, asked.place, release=shelf.release, created=manifest.created, alternates=others,
                         canonical=asked.iri)  # fmt: skip
    return {"frame": frame, "path": asked.place, "iri": asked.iri, "alternates": tuple(_RDF.items())}


def _shelf(request: Request) -> Shelf:
    """The shelf of the release that is served now."""
    graph: Graph = request.app.state.graph
    kept: Shelf | None = getattr(request.app.state, "shelf", None)
    if kept is None or kept.graph is not graph:
        kept = request.app.state.shelf = Shelf(graph)
    return kept
