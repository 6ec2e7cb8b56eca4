"""From the readings of a sentence to an answer: which of them is asked of the graph, and what its rows say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphsvc.ask import rows as told
from graphsvc.ask import telling
from graphsvc.ask.asked import Asked, Found, Named, Understood
from graphsvc.ask.reading import Reading, Value
from graphsvc.ask.replying import MOST_SUGGESTIONS, Reply
from graphsvc.ask.sentence import Sentence
from graphsvc.ask.sureness import SURE, sureness
from graphsvc.ask.turning import turned
from graphsvc.ask.wanting import Wanted
from graphsvc.errors import BadParameter
from graphsvc.namespaces import STYR
from graphsvc.questions.run import Answer
from graphsvc.terms import Iri

_SURE_BESIDE = 0.5  # with something named beside that no row of the answer holds
_UNSURE = 0.72  # a reading that scores less than this must not have a near rival
_CERTAIN = 0.8  # a reading that is less sure than this, and narrowed to nothing, was none
_NEAR = 0.97
_ALTERNATIVE = 0.8  # other readings are told of if they are so near the best
_RIVAL_YES_OR_NO = 0.92  # likewise, where it is asked whether something is so: then no answer is one
_RIVAL = 0.7  # a reading without an answer gives way to one that is so near and has one
_MOST_RIVALS = 3
_MOST_ALTERNATIVES = 3


@dataclass
class Answering(Reply):
    """The reply to a `sentence` that has readings, and what it `wants`."""

    sentence: Sentence
    wants: Wanted

    def of_readings(self, best: Reading, found: Sequence[Reading]) -> Asked:
        """The answer of the surest of the readings `found` that fit about as well as the `best`."""
        others = [
            other
            for other in found
            if other.score >= _ALTERNATIVE * best.score and not other.missing and other.weakly_narrowed
        ]
        surest, kept = -1.0, self.not_understood()
        least = best.score * (_RIVAL_YES_OR_NO if self.wants.yes_or_no else _RIVAL)
        for reading in [reading for reading in found if reading.score >= least][:_MOST_RIVALS]:
            rest = [other for other in others if other is not reading]
            asked = self._of_reading(reading, rest)
            if asked.status != "answered" and not reading.missing and not self.wants.yes_or_no:  # there, none is no
                other_ways = (self._of_reading(way, rest) for way in turned(reading))
                asked = next((answer for answer in other_ways if answer.status == "answered"), asked)
            answered = asked.status == "answered"
            sure = reading.sure if answered else self._sureness(reading, empty=True)
            if sure > surest:
                surest, kept = sure, asked
            if answered:
                break
        return kept

    def _of_reading(self, best: Reading, others: Sequence[Reading]) -> Asked:
        """The answer of one reading; an empty one may give way to a reading that is almost as likely and has an answer."""
        alternatives = tuple(self.understood(other) for other in others[:_MOST_ALTERNATIVES])
        if best.missing:
            document = self._default(best)
            if document is None:
                return self._which(best, alternatives)
            best = replace(best, values={**best.values, best.missing[0].name: Value(document)}, missing=())
        unclear = [value for value in best.values.values() if value.others]
        if unclear:
            return self._several(best, unclear[0], alternatives)
        if best.score < _UNSURE and others and others[0].score >= _NEAR * best.score:
            near = [self.understood(best), *alternatives]
            text = telling.tell("near", self.language, readings="; ".join(reading.sentence for reading in near))
            return self.refused("ambiguous", text, understood=near[0], alternatives=alternatives)
        return self._run(best, alternatives)

    def _sureness(self, reading: Reading, empty: bool) -> float:
        return sureness(reading, self.sentence, self.asker.model, self.wants.yes_or_no, empty)

    def _default(self, reading: Reading) -> str | None:
        if len(reading.missing) != 1 or reading.missing[0].of != STYR + "Document":
            return None
        return self.asker.only_document(reading)

    def _which(self, reading: Reading, alternatives: tuple[Understood, ...]) -> Asked:
        question, parameter = reading.question, reading.missing[0]
        label = parameter.label[self.language].lower()
        text = telling.tell("which", self.language, title=question.title[self.language], label=label)
        suggestions = question.examples[self.language][:MOST_SUGGESTIONS]
        known = self.understood(reading)
        return self.refused("ambiguous", text, understood=known, alternatives=alternatives, suggestions=suggestions)

    def _several(self, reading: Reading, value: Value, alternatives: tuple[Understood, ...]) -> Asked:
        meant = [value.candidate, *value.others] if value.candidate else list(value.others)
        names = telling.listed([candidate.label for candidate in meant if candidate], self.language)
        text = telling.tell("several", self.language, name=meant[0].label if meant[0] else "", names=names)
        ways = []
        for candidate in value.others:
            changed = {key: Value(candidate.iri, candidate) if old is value else old for key, old in reading.values.items()}
            ways.append(self.understood(replace(reading, values=changed)))
        return self.refused("ambiguous", text, understood=self.understood(reading), alternatives=(*ways, *alternatives)[:6])

    def _run(self, reading: Reading, alternatives: tuple[Understood, ...]) -> Asked:
        given = {name: value.text for name, value in reading.values.items()}
        try:
            answer = self.asker.graph.answer(reading.question.id, given, self.language)
        except BadParameter as needed:
            return self._which(replace(reading, missing=(reading.question.parameter(needed.parameter),)), alternatives)
        named = {
            name: Named(cell.term.value if isinstance(cell.term, Iri) else None, cell.text)
            for name, cell in answer.parameters.items()
        }
        wants = self.wants
        named_beside, (answer, reading) = reading.narrowing, self._narrowed(answer, reading)
        if not wants.yes_or_no:
            answer = replace(answer, rows=told.of_denied(answer, wants, self.asker.model.lexicon))
        answer = replace(answer, rows=told.of_titles(answer, wants, self.asker.model.lexicon))
        known = self.understood(reading, named)
        things = [thing.iri for thing in named.values() if thing.iri]
        rows = told.found(answer, things)
        days_lost = any(not told.of_year(answer, str(day.value.year)) for day in reading.unused_days)
        least = SURE
        if days_lost or (named_beside and not known.narrowed):
            least = _SURE_BESIDE
        elif not rows and known.narrowed and not wants.yes_or_no:
            least = _CERTAIN
        if self._sureness(reading, empty=not rows) < least:
            return self.not_understood((reading,))
        if not rows and wants.concepts & self.asker.model.lexicon.untold:
            text = telling.tell("untold", self.language)
            return self.refused("not-covered", text, understood=known, suggestions=self.suggestions((reading,)))
        verdict = None
        if wants.yes_or_no:
            title = reading.question.title["sv"]
            verdict = told.verdict(rows, wants, title, self.asker.model.lexicon, self.asker.roles)
        return replace(
            self.begun,
            status="answered" if rows else "empty",
            text=self._text(reading, known, rows, verdict, things),
            understood=known,
            answers=rows,
            alternatives=alternatives,
            suggestions=() if rows else self.suggestions((reading,)),
            sparql=answer.sparql,
            answer=answer,
        )

    def _text(
        self,
        reading: Reading,
        known: Understood,
        rows: Sequence[Found],
        verdict: bool | None,
        things: Sequence[str],
    ) -> str:
        if rows:
            return telling.answer(known.sentence, rows, verdict, self.wants, self.language, things)
        lead = telling.tell("no", self.language) + ". " if verdict is False else ""
        if known.narrowed:
            names = telling.listed([thing.label for thing in known.narrowed], self.language)
            sentence = telling.understood(reading.question, known.parameters, (), self.language)
            return lead + telling.tell("narrowed", self.language, sentence=sentence, names=names)
        return lead + reading.question.empty[self.language]

    def _narrowed(self, answer: Answer, reading: Reading) -> tuple[Answer, Reading]:
        """The answer with only the rows that hold what else the sentence names; what is in no row and weak is let be.

        Save where it is asked whether it is so: then no row says no.
        """
        if reading.narrowing:
            rows = told.of_things(answer, reading.narrowing)
            asks = self.wants.yes_or_no and any(STYR + "Document" not in c.classes for c in reading.narrowing)
            if rows or asks or not reading.weakly_narrowed:
                answer = replace(answer, rows=rows)
            else:
                reading = replace(reading, narrowing=())
        for day in reading.unused_days:
            rows = told.of_year(answer, str(day.value.year))
            answer = replace(answer, rows=rows) if rows else answer
        return answer, reading
