"""/api/ask: a question in plain words, and its answer."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from graphsvc.ask import ask
from graphsvc.web.questions import Language, ServedGraph

router = APIRouter(prefix="/api", tags=["ask"])


@router.get("/ask")
def answer_sentence(
    graph: ServedGraph,
    q: Annotated[str, Query(description="en fråga på svenska eller engelska, högst 1 000 tecken")],
    lang: Language = Language.sv,
) -> dict[str, Any]:
    """Answer a question in Swedish or English, and say how it was understood; what is not understood is told as such."""
    return ask(graph, q, lang).to_json()
