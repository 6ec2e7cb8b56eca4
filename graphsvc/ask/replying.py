"""What every reply has: how a reading is told, what can be asked instead, and the form of a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphsvc.ask import telling
from graphsvc.ask.asked import Asked, Named, Status, Understood
from graphsvc.ask.prepared import Prepared
from graphsvc.ask.reading import Reading, Value
from graphsvc.labels import labels_of
from graphsvc.namespaces import PREFIXES

MOST_SUGGESTIONS = 3


@dataclass
class Reply:
    """One reply of the `asker`: `begun` is what is known of it from the start."""

    asker: Prepared
    begun: Asked

    @property
    def language(self) -> str:
        """The language of the reply: sv or en."""
        return self.begun.language

    def refused(self, status: Status, text: str, **more: Any) -> Asked:
        """The answer that there is none, and why."""
        suggestions = more.pop("suggestions", None) or self.suggestions(())
        return replace(self.begun, status=status, text=text, suggestions=suggestions, **more)

    def not_understood(self, found: Sequence[Reading] = ()) -> Asked:
        """The answer that the sentence is not understood, with what was nearly read."""
        return self.refused(
            "not-understood", telling.tell("not-understood", self.language), suggestions=self.suggestions(found)
        )

    def suggestions(self, found: Sequence[Reading]) -> tuple[str, ...]:
        """Sentences that can be asked: the readings, or examples of their questions; otherwise some of the catalogue's."""
        near = [
            self.understood(reading).sentence
            if reading.values and not reading.missing
            else reading.question.examples[self.language][0]
            for reading in found[:MOST_SUGGESTIONS]
        ]
        if near:
            return tuple(dict.fromkeys(near))
        questions = list(self.asker.model.questions.values())
        return tuple(question.examples[self.language][0] for question in questions[:: max(1, len(questions) // 3)][:3])

    def understood(self, reading: Reading, named: Mapping[str, Named] | None = None) -> Understood:
        """What is told of a reading, with its things (if `named`, as the answer calls them)."""
        question = reading.question
        if named is None:
            named = {name: self._named(value) for name, value in reading.values.items()}
        narrowed = tuple(Named(candidate.iri, candidate.label) for candidate in reading.narrowing)
        sentence = telling.understood(question, named, narrowed, self.language)
        return Understood(question.id, question.title[self.language], named, reading.sure, sentence, narrowed)

    def _named(self, value: Value) -> Named:
        if value.candidate:
            return Named(value.candidate.iri, value.candidate.label)
        if not value.text.startswith(PREFIXES["id"]):
            return Named(None, value.text)
        graph = self.asker.graph
        return Named(
            value.text, labels_of(graph.store, graph.content, [value.text], self.language).get(value.text, value.text)
        )
