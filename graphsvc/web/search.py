"""/api/search: everything in the graph that has a name like what is typed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from graphsvc.search import present
from graphsvc.web.questions import Language, ServedGraph

router = APIRouter(prefix="/api", tags=["search"])
_LONGEST = 200
_MOST = 50


class Labelled(BaseModel):
    """Something by its address and its label."""

    iri: str
    label: str


class Found(BaseModel):
    """A thing that was found: `name` is the name that matched, `score` how well (0–1), `link` its path in this service."""

    iri: str
    label: str
    kind: Labelled
    name: str
    document: Labelled | None
    score: float
    link: str


class SearchAnswer(BaseModel):
    """What was searched for, what was found, best first, and in which release."""

    query: str
    hits: list[Found]
    release: str


@router.get("/search", responses={400: {}})
def search(
    graph: ServedGraph,
    q: Annotated[str, Query(max_length=_LONGEST, description="Any part of a name, in any order, also misspelt")],
    lang: Language = Language.sv,
    kind: Annotated[list[str] | None, Query(max_length=20, description="Classes: Actor, styr:Activity or an IRI")] = None,
    most: Annotated[int, Query(ge=1, le=_MOST, description="How many to give")] = 10,
) -> SearchAnswer:
    """The things whose names hold, begin with, contain or look like what is typed: the best first, one hit a thing."""
    kinds = [graph.names.kind_named(name) for name in kind or ()]
    hits = graph.names.search(q, language=lang, kinds=kinds, most=most)
    found = [Found.model_validate(hit) for hit in present.hits_json(graph.names, hits, lang)]
    return SearchAnswer(query=q, hits=found, release=graph.release.manifest.name)
