"""What is the same for every sentence that one graph is asked: read once, and kept with the graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from graphsvc.ask.defaults import only_answered
from graphsvc.ask.everyday import EverydayNames, everyday_names
from graphsvc.ask.mentions import Naming
from graphsvc.ask.model import Model, read_model
from graphsvc.ask.reading import Reading
from graphsvc.ask.sentence import read
from graphsvc.graph import Graph


def prepared(graph: Graph) -> Prepared:
    """What asking `graph` needs."""
    kept: Prepared | None = vars(graph).get("_prepared_for_asking")
    if kept is None:
        kept = vars(graph)["_prepared_for_asking"] = Prepared(graph)
    return kept


@dataclass
class Prepared:
    """What asking needs of one graph, read at first use: the model, everyday names, roles, default documents."""

    graph: Graph
    _defaults: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def model(self) -> Model:
        """The questions as they are asked."""
        return read_model(self.graph.content)

    @cached_property
    def everyday(self) -> EverydayNames:
        """The everyday names of the graph's documents."""
        return everyday_names(self.graph.store, self.graph.content, self.model.lexicon.types)

    def naming(self, language: str) -> Naming:
        """What names are looked up in."""
        graph = self.graph
        return Naming(
            graph.store, graph.content, graph.names, self.model.lexicon, self.everyday, self.model.asked_of, language
        )

    def only_document(self, reading: Reading) -> str | None:
        """The document that the question has an answer for, where there is only one."""
        name = reading.question.id
        if name not in self._defaults:
            given = {key: value.text for key, value in reading.values.items()}
            parameter = reading.missing[0]
            found = only_answered(self.graph, reading.question, given, parameter, self.everyday.documents)
            if given:
                return found
            self._defaults[name] = found
        return self._defaults[name]

    @cached_property
    def roles(self) -> dict[str, frozenset[str]]:
        """The concepts that the label of each role means, by label (in both languages)."""
        table = self.graph.store.select(self.graph.content.lookup("roles"))
        found = {}
        for row in table.rows:
            label, language = row["label"].value, getattr(row["label"], "language", "") or "sv"
            words = read(label, self.model.lexicon, language).pieces(self.model.lexicon, ())
            found[label] = frozenset(concept for piece in words for concept in piece.meaning.concepts)
        return found
