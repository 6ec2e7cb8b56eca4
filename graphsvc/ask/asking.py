"""Asking: from a sentence to the answer of one named question, or to why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from graphsvc.ask import rows as told
from graphsvc.ask import telling
from graphsvc.ask.asked import Asked, Found, Named, Status, Understood
from graphsvc.ask.defaults import only_answered
from graphsvc.ask.everyday import EverydayNames, everyday_names
from graphsvc.ask.mentions import Naming
from graphsvc.ask.model import Model, read_model
from graphsvc.ask.reading import Reading, Value, readings
from graphsvc.ask.refusing import unknown_name, uncovered
from graphsvc.ask.sentence import Sentence, cleaned, read
from graphsvc.ask.wanting import Wanted, wanted
from graphsvc.errors import QueryTimeout
from graphsvc.graph import Graph
from graphsvc.namespaces import STYR
from graphsvc.questions.run import Answer
from graphsvc.terms import Iri

MOST_CHARACTERS = 1000
MOST_NAMES = 20
_SURE = 0.5  # a reading that is less sure than this is none
_UNSURE = 0.72  # a reading that is less sure than this must not have a near rival
_NEAR = 0.97
_ALTERNATIVE = 0.6  # other readings are told of if they are so near the best
_RIVAL_YES_OR_NO = 0.97
_RIVAL = 0.91  # a reading without an answer gives way to one that is so near and has one
_MOST_RIVALS = 3
_MOST_ALTERNATIVES = 3
_MOST_SUGGESTIONS = 3


def ask(graph: Graph, sentence: str, language: str = "sv") -> Asked:
    """Answer `sentence` (Swedish or English) from `graph`, in `language` (sv or en); any text gets an answer of some status."""
    kept: Asker | None = vars(graph).get("_asker")
    if kept is None:
        kept = vars(graph)["_asker"] = Asker(graph)
    return kept.ask(sentence, language)


@dataclass
class Asker:
    """Answers sentences from one graph; what is the same for all of them is read once."""

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

    def ask(self, sentence: str, language: str) -> Asked:
        """Answer `sentence` in `language`."""
        text = cleaned(sentence)
        asking = _Asking(self, Asked(
            question=text, language=language, status="not-understood", text="", release=self.graph.release.manifest.name,
            link="/fraga?" + urlencode({"q": text[:MOST_CHARACTERS], **({"lang": "en"} if language == "en" else {})}),
        ))  # fmt: skip
        try:
            return asking.answered(text)
        except QueryTimeout:
            return asking.refused("timed-out", telling.tell("timed-out", language))

    def naming(self, language: str) -> Naming:
        """What names are looked up in."""
        graph = self.graph
        return Naming(graph.store, graph.content, graph.names, self.model.lexicon, self.everyday, self.model.asked_of, language)

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


@dataclass
class _Asking:
    """One asking: `begun` is what is known of its answer from the start."""

    asker: Asker
    begun: Asked

    @property
    def language(self) -> str:
        return self.begun.language

    def refused(self, status: Status, text: str, **more: Any) -> Asked:
        """The answer that there is none, and why."""
        suggestions = more.pop("suggestions", None) or self._suggestions(())
        return replace(self.begun, status=status, text=text, suggestions=suggestions, **more)

    def answered(self, text: str) -> Asked:
        """The answer to the cleaned sentence `text`."""
        if not text:
            return self.refused("not-understood", telling.tell("empty", self.language))
        if len(text) > MOST_CHARACTERS:
            return self.refused("not-understood", telling.tell("too-long", self.language, most=MOST_CHARACTERS))
        model, naming = self.asker.model, self.asker.naming(self.language)
        sentence = read(text, model.lexicon, self.language)
        sentence = replace(sentence, mentions=naming.mentions(sentence))
        if len(sentence.mentions) > MOST_NAMES:
            return self.refused("not-understood", telling.tell("too-many", self.language, most=MOST_NAMES))
        found = readings(sentence, model, naming)
        best = found[0] if found and (found[0].rest or sentence.mentions) else None
        refusal = self._refusal(sentence, best, found, naming)
        if refusal is not None or best is None:
            return refusal or self.refused("not-understood", telling.tell("not-understood", self.language))
        return self._of_readings(sentence, best, found)

    def _refusal(self, sentence: Sentence, best: Reading | None, found: Sequence[Reading], naming: Naming) -> Asked | None:
        model = self.asker.model
        topic = uncovered(best, sentence.pieces(model.lexicon, ()))
        if topic is not None:
            label = model.lexicon.foreign[topic][self.language]
            return self.refused("not-covered", telling.tell("not-covered", self.language, topic=label))
        name = unknown_name(best, model) if best else None
        if name is not None:
            near = naming.near(name)
            names = telling.listed([candidate.label for candidate in near], self.language)
            meant = telling.tell("meant", self.language, names=names) if near else ""
            suggestions = tuple(sentence.text.replace(name, candidate.label) for candidate in near)
            text = telling.tell("unknown-name", self.language, name=name, near=meant)
            return self.refused("unknown-name", text, suggestions=suggestions or self._suggestions(found))
        if best is None or best.score < _SURE:
            text = telling.tell("not-understood", self.language)
            return self.refused("not-understood", text, suggestions=self._suggestions(found))
        return None

    def _of_readings(self, sentence: Sentence, best: Reading, found: Sequence[Reading]) -> Asked:
        others = [other for other in found if other.score >= _ALTERNATIVE * best.score and not other.missing]
        first: Asked | None = None
        form = wanted(sentence, self.asker.model.lexicon).form
        least = best.score * (_RIVAL_YES_OR_NO if form == "yes-or-no" else _RIVAL)
        for reading in [reading for reading in found if reading.score >= least][:_MOST_RIVALS]:
            rest = [other for other in others if other is not reading]
            asked = self._of_reading(sentence, reading, rest)
            if asked.status == "answered":
                return asked
            first = first or asked
        return first or self.refused("not-understood", telling.tell("not-understood", self.language))

    def _of_reading(self, sentence: Sentence, best: Reading, others: Sequence[Reading]) -> Asked:
        """The answer of one reading; an empty one may give way to a reading that is almost as likely and has an answer."""
        alternatives = tuple(self._understood(other) for other in others[:_MOST_ALTERNATIVES])
        if best.missing:
            document = self._default(best)
            if document is None:
                return self._which(best, alternatives)
            best = replace(best, values={**best.values, best.missing[0].name: Value(document)}, missing=())
        unclear = [value for value in best.values.values() if value.others]
        if unclear:
            return self._several(best, unclear[0], alternatives)
        if best.score < _UNSURE and others and others[0].score >= _NEAR * best.score:
            near = [self._understood(best), *alternatives]
            text = telling.tell("near", self.language, readings="; ".join(reading.sentence for reading in near))
            return self.refused("ambiguous", text, understood=near[0], alternatives=alternatives)
        return self._run(sentence, best, alternatives)

    def _default(self, reading: Reading) -> str | None:
        if len(reading.missing) != 1 or reading.missing[0].of != STYR + "Document":
            return None
        return self.asker.only_document(reading)

    def _which(self, reading: Reading, alternatives: tuple[Understood, ...]) -> Asked:
        question, parameter = reading.question, reading.missing[0]
        label = parameter.label[self.language].lower()
        text = telling.tell("which", self.language, title=question.title[self.language], label=label)
        suggestions = question.examples[self.language][:_MOST_SUGGESTIONS]
        known = self._understood(reading)
        return self.refused("ambiguous", text, understood=known, alternatives=alternatives, suggestions=suggestions)

    def _several(self, reading: Reading, value: Value, alternatives: tuple[Understood, ...]) -> Asked:
        meant = [value.candidate, *value.others] if value.candidate else list(value.others)
        names = telling.listed([candidate.label for candidate in meant if candidate], self.language)
        text = telling.tell("several", self.language, name=meant[0].label if meant[0] else "", names=names)
        ways = []
        for candidate in value.others:
            changed = {key: Value(candidate.iri, candidate) if old is value else old for key, old in reading.values.items()}
            ways.append(self._understood(replace(reading, values=changed)))
        return self.refused(
            "ambiguous", text, understood=self._understood(reading), alternatives=(*ways, *alternatives)[:6]
        )

    def _understood(self, reading: Reading, named: Mapping[str, Named] | None = None) -> Understood:
        question = reading.question
        if named is None:
            named = {
                name: Named(value.candidate.iri, value.candidate.label) if value.candidate else Named(None, value.text)
                for name, value in reading.values.items()
            }
        narrowed = tuple(Named(candidate.iri, candidate.label) for candidate in reading.narrowing)
        sentence = telling.understood(question, named, narrowed, self.language)
        return Understood(question.id, question.title[self.language], named, reading.score, sentence, narrowed)

    def _run(self, sentence: Sentence, reading: Reading, alternatives: tuple[Understood, ...]) -> Asked:
        given = {name: value.text for name, value in reading.values.items()}
        answer = self.asker.graph.answer(reading.question.id, given, self.language)
        named = {
            name: Named(cell.term.value if isinstance(cell.term, Iri) else None, cell.text)
            for name, cell in answer.parameters.items()
        }
        wants = wanted(sentence, self.asker.model.lexicon)
        answer, reading = self._narrowed(answer, reading)
        known = self._understood(reading, named)
        things = [thing.iri for thing in (*named.values(), *known.narrowed) if thing.iri]
        rows = told.found(answer, things)
        verdict = None
        if wants.form == "yes-or-no":
            title = reading.question.title["sv"]
            verdict = told.verdict(rows, wants, title, self.asker.model.lexicon, self.asker.roles)
        return replace(
            self.begun,
            status="answered" if rows else "empty",
            text=self._text(answer, reading, known, rows, verdict, wants, things),
            understood=known,
            answers=rows,
            alternatives=alternatives,
            suggestions=() if rows else self._suggestions((reading,)),
            sparql=answer.sparql,
            answer=answer,
        )

    def _text(
        self,
        answer: Answer,
        reading: Reading,
        known: Understood,
        rows: Sequence[Found],
        verdict: bool | None,
        wants: Wanted,
        things: Sequence[str],
    ) -> str:
        if rows:
            return telling.answer(known.sentence, rows, verdict, wants, self.language, things)
        lead = telling.tell("no", self.language) + ". " if verdict is False else ""
        if known.narrowed:
            names = telling.listed([thing.label for thing in known.narrowed], self.language)
            sentence = telling.understood(reading.question, known.parameters, (), self.language)
            return lead + telling.tell("narrowed", self.language, sentence=sentence, names=names)
        return lead + reading.question.empty[self.language]

    def _narrowed(self, answer: Answer, reading: Reading) -> tuple[Answer, Reading]:
        """The answer with only the rows that hold what else the sentence names; what is in no row and weak is let be."""
        if reading.narrowing:
            rows = told.of_things(answer, [candidate.iri for candidate in reading.narrowing])
            if rows or not reading.weakly_narrowed:
                answer = replace(answer, rows=rows)
            else:
                reading = replace(reading, narrowing=())
        for day in reading.unused_days:
            rows = told.of_year(answer, str(day.value.year))
            answer = replace(answer, rows=rows) if rows else answer
        return answer, reading

    def _suggestions(self, found: Sequence[Reading]) -> tuple[str, ...]:
        """Sentences that can be asked: of the questions read, otherwise some of the catalogue's."""
        near = [reading.question.examples[self.language][0] for reading in found[:_MOST_SUGGESTIONS]]
        if near:
            return tuple(dict.fromkeys(near))
        questions = list(self.asker.model.questions.values())
        return tuple(question.examples[self.language][0] for question in questions[:: max(1, len(questions) // 3)][:3])
