"""/sparql as people see it: an editor with examples, the answer as a table, and where in the query a fault is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from graphsvc import markup
from graphsvc.errors import BadInput, BadQuery
from graphsvc.formats import DATASETS, GRAPHS, RESULTS, Format
from graphsvc.graph import Graph
from graphsvc.markup import Link
from graphsvc.namespaces import PREFIXES, shorten
from graphsvc.questions.run import Cell
from graphsvc.settings import Settings
from graphsvc.store import guard
from graphsvc.store.diagnosis import diagnose
from graphsvc.store.public_query import Answering, PublicQuery, RdfDataset
from graphsvc.terms import Iri, from_json, sort_key
from graphsvc.web.errors import language_of
from graphsvc.web.limits import client_of

PATH, FORM = "/sparql", "html"
"""Where the page is, and the format that asks for it."""

_MOST_ROWS, _MOST_LETTERS, _MOST_OF_CELL = 200, 60_000, 600
_NAMES = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV", "ttl": "Turtle", "nt": "N-Triples", "rdf": "RDF/XML",
          "jsonld": "JSON-LD", "nq": "N-Quads", "trig": "TriG"}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """An answer as the page shows it: a table (`columns` and `rows`), a truth, or triples as text; and if it was cut."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | None, ...], ...] = ()
    truth: bool | None = None
    text: str = ""
    cut: bool = False


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a query: in words, and the line, column, and query before, at and after the fault if known."""

    detail: str
    line: int = 0
    column: int = 0
    before: str = ""
    token: str = ""
    after: str = ""


def form(request: Request, settings: Settings) -> Response:
    """The editor, with an example or the named question that ?example= names."""
    graph: Graph = request.app.state.graph
    chosen = request.query_params.get("example", "")
    known = {question.id: question.query for question in graph.questions}
    return _response(request, settings, _plain(known.get(chosen) or graph.content.lookup("sparql-example")), chosen)


async def answered(request: Request, query: str, dataset: RdfDataset | None, settings: Settings) -> Response:
    """The editor with `query` in it and its answer, or what is wrong with it; errors of the service as they are."""
    try:
        shown = await _answer(request, query, dataset)
    except BadInput as error:
        return _response(request, settings, query, wrong=_wrong(query, error, language_of(request.url.query)), status=400)
    return _response(request, settings, query, shown=shown)


async def _answer(request: Request, query: str, dataset: RdfDataset | None) -> Shown:
    reading = guard.read(query, _MOST_ROWS + 1)  # one more than is shown tells that there are more
    of_triples = reading.kind == "construct"
    pool: Answering = request.app.state.pool
    client = client_of(request.client.host if request.client else "")
    answer = await pool.ask(PublicQuery(query, Format("ttl" if of_triples else "json"), dataset, reading.limited), client)
    try:
        body = answer.first
        if not answer.complete:
            async for part in answer.parts():
                body += part
                if of_triples and len(body) > 4 * _MOST_LETTERS:
                    break
    finally:
        answer.close()
    if of_triples:
        text = body.decode("utf-8", "replace")
        return Shown(text=text[:_MOST_LETTERS], cut=len(text) > _MOST_LETTERS)
    return _table(json.loads(body), answer.cut)


def _table(found: dict[str, Any], cut: bool) -> Shown:
    if "boolean" in found:
        return Shown(truth=bool(found["boolean"]))
    columns = tuple(found["head"].get("vars", ()))
    bindings, rows, letters = found["results"]["bindings"], [], 0
    for binding in bindings[:_MOST_ROWS]:
        row = tuple(_cell(binding[name]) if name in binding else None for name in columns)
        letters += sum(len(cell.text) + len(cell.term.value) for cell in row if cell)
        if letters > _MOST_LETTERS:
            break
        rows.append(row)
    return Shown(columns, tuple(rows), cut=cut or len(rows) < len(bindings))


def _cell(binding: dict[str, Any]) -> Cell:
    term = from_json(binding)
    text = shorten(term.value) if isinstance(term, Iri) else term.value
    return Cell(term, text if len(text) <= _MOST_OF_CELL else text[:_MOST_OF_CELL] + " …")


def _wrong(query: str, error: BadInput, language: str) -> Wrong:
    if not isinstance(error, BadQuery):
        return Wrong(error.told(language))
    fault = diagnose(query, error)
    lines = query.splitlines(keepends=True) or [""]
    line = min(max(fault.line, 1), len(lines))
    start = sum(map(len, lines[: line - 1])) + max(fault.column - 1, 0)
    end = start + len(fault.token) if query[start:].startswith(fault.token) else start
    return Wrong(fault.told(language), fault.line, fault.column, query[:start], query[start:end] or " ", query[end:])


def _plain(query: str) -> str:
    """A query of ours as a reader meets it: without the header, and without the prefixes that need no declaration."""
    known = {f"prefix {prefix}: <{namespace}>" for prefix, namespace in PREFIXES.items()}
    kept = [line for line in query.splitlines() if not line.startswith("#+") and line.strip().lower() not in known]
    lower = {line.lower() for line in known}
    return "\n".join(line for line in kept if line.strip().lower() not in lower).strip()


def _response(
    request: Request,
    settings: Settings,
    query: str,
    example: str = "",
    *,
    shown: Shown | None = None,
    wrong: Wrong | None = None,
    status: int = 200,
) -> Response:
    graph: Graph = request.app.state.graph
    language = language_of(request.url.query)
    manifest = graph.release.manifest
    asked = (("query", query), ("format", FORM)) if shown or wrong else ((("example", example),) if example else ())
    frame = markup.Frame(language, PATH, asked, title="SPARQL", release=manifest.name, created=manifest.created,
                         address=settings.public_address)  # fmt: skip
    examples = sorted(((one.id, one.title[language]) for one in graph.questions), key=lambda pair: sort_key(pair[1]))
    page = markup.render("sparql", language, frame=frame, text=query, examples=examples, example=example, shown=shown,
                         wrong=wrong, prefixes=sorted(PREFIXES.items()), seconds=f"{settings.query_seconds:g}",
                         results=RESULTS, graphs=GRAPHS + DATASETS, names=_NAMES,
                         files=_files(query, shown) if shown else ())  # fmt: skip
    return Response(page, status, media_type="text/html", headers={"Vary": "Accept", **markup.POLICY})


def _files(query: str, shown: Shown) -> list[Link]:
    """The same answer, whole, in each format that it comes in."""
    formats = GRAPHS + DATASETS if shown.text else RESULTS
    return [Link(_NAMES[name], f"{PATH}?{urlencode({'query': query, 'format': name})}") for name in formats]
