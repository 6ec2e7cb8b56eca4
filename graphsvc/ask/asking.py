"""Asking: from a sentence to the answer of one named question, or to why there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from graphsvc.ask import rows as told
from graphsvc.ask import telling
from graphsvc.ask.asked import Asked, Found, Named, Status, Understood
from graphsvc.ask.mentions import Naming
from graphsvc.ask.prepared import Prepared, prepared
from graphsvc.ask.reading import Reading, Value, readings
from graphsvc.ask.refusing import is_order, uncovered, unknown_name
from graphsvc.ask.sentence import Sentence, cleaned, read, with_names
from graphsvc.ask.sureness import sureness, surest_first
from graphsvc.ask.turning import turned
from graphsvc.ask.wanting import Wanted, wanted
from graphsvc.errors import BadParameter, QueryTimeout
from graphsvc.graph import Graph
from graphsvc.labels import labels_of
from graphsvc.namespaces import PREFIXES, STYR
from graphsvc.questions.run import Answer
from graphsvc.terms import Iri

MOST_CHARACTERS = 1000
MOST_NAMES = 20
_CODE = frozenset("{}<>[]|;$\\^`")  # signs of code, which no question has


_SURE = 0.12  # a reading that is less sure than this is none
_SURE_BESIDE = 0.5  # with something named beside that no row of the answer holds
_UNSURE = 0.72  # a reading that scores less than this must not have a near rival
_CERTAIN = 0.8  # a reading that is less sure than this, and narrowed to nothing, was none
_NEAR = 0.97
_ALTERNATIVE = 0.8  # other readings are told of if they are so near the best
_RIVAL_YES_OR_NO = 0.92  # likewise, where it is asked whether something is so: then no answer is one
_RIVAL = 0.7  # a reading without an answer gives way to one that is so near and has one
_MOST_RIVALS = 3
_MOST_LOOKED_FOR_NAMES = 6
_MOST_ALTERNATIVES = 3
_MOST_SUGGESTIONS = 3


def ask(graph: Graph, sentence: str, language: str = "sv") -> Asked:
    """Answer `sentence` (Swedish or English) from `graph`, in `language` (sv or en).

    Any text gets an answer of some status.
    """
    text = cleaned(sentence)
    address = {"q": text[:MOST_CHARACTERS], **({"lang": "en"} if language == "en" else {})}
    begun = Asked(
        question=text,
        language=language,
        status="not-understood",
        text="",
        release=graph.release.manifest.name,
        link="/fraga?" + urlencode(address),
    )
    asking = _Asking(prepared(graph), begun)
    try:
        return asking.answered(text)
    except QueryTimeout:
        return asking.refused("timed-out", telling.tell("timed-out", language))


@dataclass
class _Asking:
    """One asking: `begun` is what is known of its answer from the start."""

    asker: Prepared
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
        if _CODE & set(text):
            return self.refused("not-understood", telling.tell("not-understood", self.language))
        model, naming = self.asker.model, self.asker.naming(self.language)
        sentence = read(text, model.lexicon, self.language)
        sentence = with_names(sentence, naming.mentions(sentence), model.lexicon, self.language)
        if len(sentence.mentions) > MOST_NAMES:
            return self.refused("not-understood", telling.tell("too-many", self.language, most=MOST_NAMES))
        wants = wanted(sentence, model.lexicon)
        yes_or_no = wants.form == "yes-or-no"
        found = readings(sentence, model, naming, yes_or_no and wants.of_all)
        found = surest_first(found, sentence, model, yes_or_no)
        best = found[0] if found and (found[0].rest or sentence.mentions) else None
        refusal = self._refusal(sentence, best, found, naming)
        if refusal is not None or best is None:
            return refusal or self.refused("not-understood", telling.tell("not-understood", self.language))
        return self._of_readings(sentence, best, found)

    def _refusal(self, sentence: Sentence, best: Reading | None, found: Sequence[Reading], naming: Naming) -> Asked | None:
        model = self.asker.model
        if is_order(sentence, model.lexicon):
            return self.refused("not-understood", telling.tell("not-understood", self.language))
        topic = uncovered(best, sentence, model.lexicon)
        if topic is not None:
            label = model.lexicon.foreign[topic][self.language]
            return self.refused("not-covered", telling.tell("not-covered", self.language, topic=label))
        unknown = (unknown_name(reading, model, sentence.mentions) for reading in found[:_MOST_LOOKED_FOR_NAMES])
        name = next(filter(None, unknown), None)
        sure = best is not None and best.sure >= _SURE
        if name is not None and best is not None and (not sure or unknown_name(best, model, sentence.mentions)):
            near = naming.near(name)
            names = telling.listed([candidate.label for candidate in near], self.language)
            meant = telling.tell("meant", self.language, names=names) if near else ""
            suggestions = tuple(sentence.text.replace(name, candidate.label) for candidate in near)
            text = telling.tell("unknown-name", self.language, name=name, near=meant)
            return self.refused("unknown-name", text, suggestions=suggestions or self._suggestions(found))
        if not sure:
            text = telling.tell("not-understood", self.language)
            return self.refused("not-understood", text, suggestions=self._suggestions(found))
        return None

    def _of_readings(self, sentence: Sentence, best: Reading, found: Sequence[Reading]) -> Asked:
        others = [
            other
            for other in found
            if other.score >= _ALTERNATIVE * best.score and not other.missing and other.weakly_narrowed
        ]
        surest, kept = -1.0, self.refused("not-understood", telling.tell("not-understood", self.language))
        form = wanted(sentence, self.asker.model.lexicon).form
        least = best.score * (_RIVAL_YES_OR_NO if form == "yes-or-no" else _RIVAL)
        for reading in [reading for reading in found if reading.score >= least][:_MOST_RIVALS]:
            rest = [other for other in others if other is not reading]
            asked = self._of_reading(sentence, reading, rest)
            if asked.status != "answered" and not reading.missing and form != "yes-or-no":  # there, none is no
                other_ways = (self._of_reading(sentence, way, rest) for way in turned(reading))
                asked = next((answer for answer in other_ways if answer.status == "answered"), asked)
            answered = asked.status == "answered"
            sure = reading.sure if answered else self._sureness(sentence, reading, empty=True)
            if sure > surest:
                surest, kept = sure, asked
            if answered:
                break
        return kept

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

    def _sureness(self, sentence: Sentence, reading: Reading, empty: bool = False) -> float:
        yes_or_no = wanted(sentence, self.asker.model.lexicon).form == "yes-or-no"
        return sureness(reading, sentence, self.asker.model, yes_or_no, empty)

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
        return self.refused("ambiguous", text, understood=self._understood(reading), alternatives=(*ways, *alternatives)[:6])

    def _understood(self, reading: Reading, named: Mapping[str, Named] | None = None) -> Understood:
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

    def _run(self, sentence: Sentence, reading: Reading, alternatives: tuple[Understood, ...]) -> Asked:
        given = {name: value.text for name, value in reading.values.items()}
        try:
            answer = self.asker.graph.answer(reading.question.id, given, self.language)
        except BadParameter as needed:
            return self._which(replace(reading, missing=(reading.question.parameter(needed.parameter),)), alternatives)
        named = {
            name: Named(cell.term.value if isinstance(cell.term, Iri) else None, cell.text)
            for name, cell in answer.parameters.items()
        }
        wants = wanted(sentence, self.asker.model.lexicon)
        named_beside, (answer, reading) = reading.narrowing, self._narrowed(answer, reading, wants)
        if wants.form != "yes-or-no":
            answer = replace(answer, rows=told.of_denied(answer, wants, self.asker.model.lexicon))
        answer = replace(answer, rows=told.of_titles(answer, wants, self.asker.model.lexicon))
        known = self._understood(reading, named)
        things = [thing.iri for thing in named.values() if thing.iri]
        rows = told.found(answer, things)
        days_lost = any(not told.of_year(answer, str(day.value.year)) for day in reading.unused_days)
        least = _SURE
        if days_lost or (named_beside and not known.narrowed):
            least = _SURE_BESIDE
        elif not rows and known.narrowed and wants.form != "yes-or-no":
            least = _CERTAIN
        if self._sureness(sentence, reading, empty=not rows) < least:
            text = telling.tell("not-understood", self.language)
            return self.refused("not-understood", text, suggestions=self._suggestions((reading,)))
        if not rows and wants.concepts & self.asker.model.lexicon.untold:
            text = telling.tell("untold", self.language)
            return self.refused("not-covered", text, understood=known, suggestions=self._suggestions((reading,)))
        verdict = None
        if wants.form == "yes-or-no":
            title = reading.question.title["sv"]
            verdict = told.verdict(rows, wants, title, self.asker.model.lexicon, self.asker.roles)
        return replace(
            self.begun,
            status="answered" if rows else "empty",
            text=self._text(reading, known, rows, verdict, wants, things),
            understood=known,
            answers=rows,
            alternatives=alternatives,
            suggestions=() if rows else self._suggestions((reading,)),
            sparql=answer.sparql,
            answer=answer,
        )

    def _text(
        self,
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

    def _narrowed(self, answer: Answer, reading: Reading, wants: Wanted) -> tuple[Answer, Reading]:
        """The answer with only the rows that hold what else the sentence names; what is in no row and weak is let be.

        Save where it is asked whether it is so: then no row says no.
        """
        if reading.narrowing:
            rows = told.of_things(answer, reading.narrowing)
            asks = wants.form == "yes-or-no" and any(STYR + "Document" not in c.classes for c in reading.narrowing)
            if rows or asks or not reading.weakly_narrowed:
                answer = replace(answer, rows=rows)
            else:
                reading = replace(reading, narrowing=())
        for day in reading.unused_days:
            rows = told.of_year(answer, str(day.value.year))
            answer = replace(answer, rows=rows) if rows else answer
        return answer, reading

    def _suggestions(self, found: Sequence[Reading]) -> tuple[str, ...]:
        """Sentences that can be asked: the readings, or examples of their questions; otherwise some of the catalogue's."""
        near = [
            self._understood(reading).sentence
            if reading.values and not reading.missing
            else reading.question.examples[self.language][0]
            for reading in found[:_MOST_SUGGESTIONS]
        ]
        if near:
            return tuple(dict.fromkeys(near))
        questions = list(self.asker.model.questions.values())
        return tuple(question.examples[self.language][0] for question in questions[:: max(1, len(questions) // 3)][:3])
