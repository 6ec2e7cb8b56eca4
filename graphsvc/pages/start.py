"""The start page: the first field, what is in the graph, what changed since the release before, and the ways in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from graphsvc.catalogue.statistics import statistics
from graphsvc.graph import Graph
from graphsvc.labels import labels_of
from graphsvc.pages.changes import Changes, changes
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.questions import themes
from graphsvc.questions.run import Cell
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, sort_key

_EXAMPLES = 8
_COUNTED = "void.nt"


@dataclass(frozen=True)
class Start:
    """What the start page shows besides its field: counts by the IRI of their class, documents with their status, what
    changed (None where there is no release before), and example questions."""

    counts: tuple[tuple[str, int], ...]
    documents: tuple[tuple[Cell, Cell | None], ...]
    changes: Changes | None
    examples: tuple[str, ...]


def start(visit: Visit) -> Page:
    """The start page."""
    graph, language = visit.graph, visit.language
    told = Start(_counts(graph), _documents(graph, language), changes(graph, language), examples(graph, language))
    title = visit.say("Vem ansvarar för vad, och var står det?", "Who is responsible for what, and where does it say so?")
    description = visit.say("Fråga vad stadens styrande dokument säger om ansvar, med orden bakom varje svar.",
                            "Ask what the city’s governing documents say of who answers for what, with the words "
                            "behind every answer.")  # fmt: skip
    return visit.page("start", title, description, query={}, told=told)


def examples(graph: Graph, language: str) -> tuple[str, ...]:
    """Sentences to try: of each theme its question that is asked in most ways, then its next."""
    ranked = [
        sorted(theme.questions, key=lambda q: (-len(q.examples[language]), sort_key(q.id)))
        for theme in themes(graph.questions, language)
    ]
    rounds = [row[place] for place in range(3) for row in ranked if place < len(row) and len(row) > 3]
    chosen = sorted(rounds[:_EXAMPLES], key=lambda question: -len(question.examples[language]))
    return tuple(question.examples[language][0] for question in chosen)


def _counts(graph: Graph) -> tuple[tuple[str, int], ...]:
    file = graph.release.folder / _COUNTED
    counted = _kept(file) if file.is_file() else statistics(graph.store, graph.content)
    return _read_counts(counted, graph.content.lookup("start-counts"))


@lru_cache(maxsize=2)
def _kept(file: Path) -> bytes:
    return file.read_bytes()


@lru_cache(maxsize=2)
def _read_counts(counted: bytes, query: str) -> tuple[tuple[str, int], ...]:
    store = EmbeddedStore.create()
    store.load_ntriples(counted)
    rows = sorted(store.select(query).rows, key=lambda row: int(row["order"].value))
    return tuple((row["class"].value, int(row["entities"].value)) for row in rows)


def _documents(graph: Graph, language: str) -> tuple[tuple[Cell, Cell | None], ...]:
    rows = graph.store.select(graph.content.lookup("start-documents")).rows
    labels = labels_of(graph.store, graph.content, {term.value for row in rows for term in row.values()}, language)

    def cell(iri: str) -> Cell:
        return Cell(Iri(iri), labels.get(iri, iri))

    found = {row["document"].value: row.get("status") for row in rows}
    pairs = [(cell(iri), cell(status.value) if status else None) for iri, status in found.items()]
    return tuple(sorted(pairs, key=lambda pair: (pair[1] is None, sort_key(pair[0].text))))


PAGES: dict[str, Maker] = {"/": start}
