"""What an appendix is made from: the document that it is about, the answers of named questions, and what it cites."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from graphsvc.graph import Graph
from graphsvc.labels import PassageText
from graphsvc.namespaces import PREFIXES, STYR
from graphsvc.questions.run import Answer, AnswerRow
from graphsvc.remiss.content import Line
from graphsvc.remiss.involvement import Duties, duties_of
from graphsvc.remiss.sources import Sources
from graphsvc.remiss.voice import Voice, capital
from graphsvc.terms import Iri, typeset

PROPOSALS = {PREFIXES["status"] + name for name in ("proposal", "on-referral")}


@dataclass
class Material:
    """The document `document` (IRI) called `name`, in `language`; the answers are asked for when first needed.

    `address` is the service's public address, for links in pictures.
    """

    graph: Graph
    document: Iri
    name: str
    language: str
    address: str = ""
    sources: Sources = field(default_factory=Sources)
    _asked: dict[tuple[str, ...], Answer] = field(default_factory=dict)

    @cached_property
    def voice(self) -> Voice:
        """How it is worded."""
        return Voice(self.language)

    def ask(self, question: str, **given: str) -> Answer:
        """The answer to a named question, about the document unless `given` says otherwise."""
        key = (question, *(f"{name}={text}" for name, text in sorted(given.items())))
        if key not in self._asked:
            self._asked[key] = self.graph.answer(question, given or {"document": self.document.value}, self.language)
        return self._asked[key]

    @cached_property
    def duties(self) -> Duties:
        """Who is involved in its activities."""
        return duties_of(self.graph, self.document, self.ask("activities-of-document"), self.language)

    @cached_property
    def status(self) -> str:
        """Its status as a word (förslag, antagen …); empty where no source says."""
        return next((row.cells["value"].text for row in self._statuses), "")

    @cached_property
    def is_proposal(self) -> bool:
        """Whether it is known only as a proposal."""
        return any(row.cells["value"].term.value in PROPOSALS for row in self._statuses)

    @cached_property
    def _statuses(self) -> list[AnswerRow]:
        rows = self.ask("document-facts").rows
        mine = [row for row in rows if row.cells["property"].term.value == STYR + "status" and "decision" not in row.cells]
        return [row for row in mine if is_preferred(row)]

    @property
    def title(self) -> str:
        """Its name, and that it is a proposal if it is."""
        told = typeset(self.name)
        if self.is_proposal and "förslag" not in told.casefold() and "proposal" not in told.casefold():
            return f"{told} ({self.voice.say('förslag', 'proposal')})"
        return told

    def noun(self, *, first: bool = False) -> str:
        """What the running text calls it: förslaget, or dokumentet; with a capital where it is `first` in a sentence."""
        noun = (
            self.voice.say("förslaget", "the proposal") if self.is_proposal else self.voice.say("dokumentet", "the document")
        )
        return capital(noun) if first else noun

    def line(
        self, text: str, passages: tuple[PassageText, ...] = (), *, strong: bool = False, swedish: bool = False
    ) -> Line:
        """A line that rests on `passages`, which are cited; `swedish` where it is so whatever the language."""
        foreign = "sv" if swedish and self.language != "sv" else ""
        return Line(typeset(text), self.sources.cite(passages), strong, language=foreign)


def material_of(graph: Graph, document: str, language: str, address: str = "") -> Material:
    """What is needed for an appendix to `document` (a name as people write it, or an IRI); UnknownName or AmbiguousName."""
    parameter = graph.questions["document-facts"].parameter("document")
    iri = graph.resolve(parameter, document, language)
    material = Material(graph, iri, "", language, address)
    material.name = material.ask("document-facts").parameters["document"].text
    return material


def is_preferred(row: AnswerRow) -> bool:
    """Whether a row's rank is the preferred one, or it has none."""
    rank = row.cells.get("rank")
    return rank is None or rank.term.value == PREFIXES["rank"] + "preferred"
