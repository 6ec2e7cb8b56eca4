"""/api/chains: how two things hang together, and the responsibility chain of one."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from graphsvc.chains import between, names, present, responsibility
from graphsvc.errors import BadParameter
from graphsvc.web.questions import Language, ServedGraph

router = APIRouter(prefix="/api", tags=["chains"])
_LONGEST = 300
_MOST = 20
_NAME = "A name as people write it, or an IRI"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"description": "A parameter is missing or does not go with another"},
    404: {"description": "Nothing has that name; the nearest names are suggested"},
    409: {"description": "Several things have that name; the candidates are given"},
}


@router.get("/chains", responses=_RESPONSES)
def chains(
    graph: ServedGraph,
    start: Annotated[str | None, Query(alias="from", max_length=_LONGEST, description=_NAME)] = None,
    to: Annotated[str | None, Query(max_length=_LONGEST, description=_NAME)] = None,
    about: Annotated[str | None, Query(max_length=_LONGEST, description=_NAME)] = None,
    most: Annotated[int, Query(ge=1, le=_MOST, description="How many chains to give")] = 5,
    lang: Language = Language.sv,
) -> dict[str, Any]:
    """With `from` and `to`: how two things hang together, the best chain first, then others that differ in kind.

    With `about`: the responsibility chain of an actor, an activity, a document or anything else: its duties, up to
    programme, assignment and decision, down to activities and actors, across to the consultation and the responses.
    Each step has the words that say so; `status` is `empty` where nothing was found; `limits` says what was not searched.
    """
    release = graph.release.manifest.name
    if about is not None:
        if start is not None or to is not None:
            raise BadParameter("about", "kan inte användas tillsammans med from och to.", "does not go with from and to.")
        iri = names.resolve(graph, about, parameter="about", language=lang)
        return present.responsibility_json(responsibility(graph, iri, lang.value), release)
    if start is None or to is None:
        missing = "to" if start is not None else "from"
        raise BadParameter(missing, "saknas. Ange from och to, eller about.", "is missing. Give from and to, or about.")
    ends = [names.resolve(graph, text, parameter=name, language=lang) for name, text in (("from", start), ("to", to))]
    return present.chains_json(between(graph, ends[0], ends[1], lang.value, most), release)
