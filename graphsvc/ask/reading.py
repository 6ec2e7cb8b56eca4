"""From a sentence to its readings: which question fits its words, and which of its names are the question's parameters."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from graphsvc.ask.dates import Day
from graphsvc.ask.mentions import Naming
from graphsvc.ask.model import EXPLAINED, UNFILLED, Fit, Model
from graphsvc.ask.segmenting import SURE_NAME, named_once, overlaps, segmentations, trust, what_ignoring_costs
from graphsvc.ask.sentence import Candidate, Mention, Piece, Sentence
from graphsvc.ask.spoken import gap, spoken_of
from graphsvc.ask.words import plain
from graphsvc.namespaces import STYR
from graphsvc.questions.catalogue import Parameter, Question

_SEARCHED = 6  # questions for which a name is looked for among the words that nothing explains
_MISSING = 0.45
_MISSING_DOCUMENT = 0.83  # it may be the only one that there is an answer for
_SEARCHED_FOUND = 0.83
_NARROWED = 0.86
_NARROWED_EXPECTED = 1.0
_NARROWED_EVERYDAY = 0.9
_UNUSED = 0.5
_NAMED = 1.25  # for each of its things that is named
_UNUSED_DAY = 0.7
_CAPITAL_FITS = 0.8
_NAME_FITS = 0.62  # the score from which a searched name is taken
_NAME_MARGIN = 0.04
_SEARCH_MARGIN = 0.02
_MOST_SEARCHED_WORDS = 3
_SHORT = 3  # a word of so many letters is no name by itself


@dataclass(frozen=True)
class Value:
    """What a parameter is given: a thing, or a date, year or text as `text`; `others` are as likely things."""

    text: str
    candidate: Candidate | None = None
    others: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One way to understand the sentence: how well it fits (`score`) and how sure it is (`sure`; both 0 to 1).

    `narrowing` are things that only the rows with them are wanted for; `missing` the required parameters that nothing in
    the sentence is; `unexplained` the words that it leaves out,
    `rest` all words outside its names.
    """

    question: Question
    values: dict[str, Value]
    score: float
    fit: Fit
    narrowing: tuple[Candidate, ...] = ()
    weakly_narrowed: bool = False
    missing: tuple[Parameter, ...] = ()
    unexplained: tuple[Piece, ...] = ()
    rest: tuple[Piece, ...] = ()
    unused_days: tuple[Day, ...] = ()
    sure: float = 0.0


def readings(sentence: Sentence, model: Model, naming: Naming, of_all: bool = False) -> list[Reading]:
    """The readings of the sentence, one for each question, best first; `of_all` as in `Model.fits`."""
    best: dict[str, Reading] = {}
    for taken in segmentations(sentence.mentions):
        days = [day for day in sentence.days if not any(m.start < day.end and day.start < m.end for m in taken)]
        pieces = sentence.pieces(model.lexicon, taken)
        once = named_once(taken)
        classes = [frozenset().union(*(candidate.classes for candidate in mention.candidates)) for mention in once]
        fits = model.fits(pieces, sentence.forms(pieces), classes, len(days), of_all).values()
        ignored = [m for m in sentence.mentions if not overlaps(m, taken)]
        ignoring = min((what_ignoring_costs(m) for m in ignored), default=1.0)
        for fit in fits:
            reading = _reading(model, fit, once, days, sentence, pieces)
            reading = _in_year(reading, [day for day in sentence.days if day not in days])
            reading = replace(reading, score=reading.score * trust(taken, sentence.mentions))
            reading = replace(reading, score=reading.score * ignoring)
            kept = best.get(fit.question)
            if kept is None or _worth(reading) > _worth(kept):
                best[fit.question] = reading
    hopeful = [(_hope(reading, model), name) for name, reading in best.items() if _lacks(reading, model)]
    for hope, name in heapq.nlargest(_SEARCHED, hopeful):
        if hope > best[name].score:
            best[name] = _searched(best[name], model, naming)
    return sorted(best.values(), key=lambda reading: -reading.score)


def _worth(reading: Reading) -> float:
    """The score by which readings of one question are compared: the more of its things are named, the better."""
    return reading.score * _NAMED ** len(reading.values)


def _lacks(reading: Reading, model: Model) -> bool:
    """Whether one thing that the question needs, or may be given, is missing, and there are words that nothing explains."""
    return bool(reading.unexplained) and _lacking(reading, model) is not None


def _lacking(reading: Reading, model: Model) -> Parameter | None:
    things = [p for p in reading.question.parameters if p.kind == "thing" and p.name not in reading.values]
    required = [parameter for parameter in things if parameter.required]
    if len(reading.missing) > 1 or (reading.missing and not required) or not reading.fit.matched:
        return None
    among = required or [p for p in things if spoken_of(model, p, reading.rest)] or things
    return among[0] if among else None


def _hope(reading: Reading, model: Model) -> float:
    """How sure the reading would be if the words that nothing explains were the name that it lacks."""
    if not reading.fit.explained:
        return 0.0
    parameter = _lacking(reading, model)
    unfilled = UNFILLED if parameter is not None and parameter.name in reading.fit.phrasing.slots else 1.0
    gained = math.pow(without(reading.fit, model, reading.unexplained) / reading.fit.explained, EXPLAINED)
    named = model.hope(reading.question.id, parameter.of or "") if parameter is not None else 1.0
    return min(1.0, reading.score / _lack(reading.missing) / unfilled * gained * named)


def _reading(
    model: Model, fit: Fit, taken: Sequence[Mention], days: list[Day], sentence: Sentence, pieces: Sequence[Piece]
) -> Reading:
    question = model.questions[fit.question]
    values, unused = _assigned(model, question, taken, sentence, pieces)
    unused_days = list(days)
    for parameter in question.parameters:
        if parameter.kind in ("date", "year") and unused_days:
            day = unused_days.pop(0)
            values[parameter.name] = Value(day.value.isoformat() if parameter.kind == "date" else str(day.value.year))
    _give_today(model, question, values, sentence)
    _give_document(question, values, unused)
    missing = tuple(p for p in question.parameters if p.required and p.name not in values)
    narrowing, weakly = [], True
    score = fit.score * _lack(missing) * _UNUSED_DAY ** len(unused_days)
    columns = any(column.kind == "thing" for column in question.columns)
    expected = fit.phrasing.slots.count("other")
    for place, mention in enumerate(unused):
        if columns and mention.candidates:
            narrowing.append(mention.candidates[0])
            weak = place < expected or mention.everyday or mention.weak or _is_partly(mention, values)
            weakly = weakly and weak
            score *= _NARROWED_EXPECTED if place < expected else _NARROWED_EVERYDAY if weak else _NARROWED
        else:
            score *= _UNUSED
    return Reading(
        question, values, score, fit, tuple(narrowing), weakly, missing, fit.unexplained, tuple(pieces), tuple(unused_days)
    )


def _in_year(reading: Reading, days: Sequence[Day]) -> Reading:
    """The reading with the year that stands in a name as its year, where it may have one and is given none."""
    for parameter in reading.question.parameters if days else ():
        if parameter.kind == "year" and parameter.name not in reading.values:
            reading = replace(reading, values=reading.values | {parameter.name: Value(str(days[0].value.year))})
    return reading


def _give_today(model: Model, question: Question, values: dict[str, Value], sentence: Sentence) -> None:
    """Let a day that is needed and not named be today, where the sentence says so."""
    if model.lexicon.today & {plain(word.folded) for word in sentence.words}:
        for parameter in question.parameters:
            if parameter.required and parameter.kind == "date" and parameter.name not in values:
                values[parameter.name] = Value(date.today().isoformat())


def _is_partly(mention: Mention, values: Mapping[str, Value]) -> bool:
    """Whether a mention is only likely, or already told by the document that it gave the question."""
    first = mention.candidates[0]
    return first.score < SURE_NAME or any(value.text == first.document for value in values.values())


def _give_document(question: Question, values: dict[str, Value], unused: list[Mention]) -> None:
    """Let a document that is needed and not named be the one that something named belongs to: that is then used.

    So with one that may be left out, where an actor is named that the question does not take: it is its publication.
    """
    for parameter in question.parameters:
        if parameter.of == STYR + "Document" and parameter.name not in values:
            told = (mention for mention in unused if mention.candidates[0].document)
            home = next((m for m in told if parameter.required or m.of(STYR + "Actor")), None)
            if home is not None:
                values[parameter.name] = Value(str(home.candidates[0].document))
                unused.remove(home)


def _lack(missing: Sequence[Parameter]) -> float:
    """What it costs a reading that nothing in the sentence is one of its required parameters."""
    return math.prod(_MISSING_DOCUMENT if parameter.of == STYR + "Document" else _MISSING for parameter in missing)


def _assigned(
    model: Model, question: Question, taken: Sequence[Mention], sentence: Sentence, pieces: Sequence[Piece]
) -> tuple[dict[str, Value], list[Mention]]:
    """The things that the mentions give the parameters, in order, and the mentions that are left."""
    values: dict[str, Value] = {}
    left = list(taken)
    things = [parameter for parameter in question.parameters if parameter.kind == "thing"]
    for parameter in sorted(things, key=lambda parameter: not parameter.required):
        fitting = [mention for mention in left if mention.of(parameter.of or "")]
        if not fitting:
            continue
        rivals = [p for p in things if p.of == parameter.of and p.name not in values]
        mention = _nearest(model, parameter, rivals, fitting, sentence, pieces) if len(rivals) > 1 else fitting[0]
        if mention is None:
            continue
        candidates = mention.of(parameter.of or "")
        ties = [other for other in candidates[1:] if other.score > candidates[0].score - _NAME_MARGIN]
        values[parameter.name] = Value(candidates[0].iri, candidates[0], tuple(ties))
        left.remove(mention)
    return values, left


def _nearest(
    model: Model,
    parameter: Parameter,
    rivals: Sequence[Parameter],
    fitting: Sequence[Mention],
    sentence: Sentence,
    pieces: Sequence[Piece],
) -> Mention | None:
    """Which of the mentions the parameter is, where another parameter could be it too: by the words of their labels.

    The mention that stands nearest to a word of the parameter's label; the first, where no such word is said of any.
    """
    spoken = {rival.name: spoken_of(model, rival, pieces) for rival in rivals}
    before = [plain(word.folded) for word in sentence.words if word.end <= fitting[0].start][-1:]
    if set(before) & model.lexicon.in_order:
        return fitting[0]
    if not any(spoken.values()):
        return fitting[0]

    def distance(mention: Mention, name: str) -> int:
        return min((gap(mention, piece) for piece in spoken[name]), default=1000)

    mine = min(fitting, key=lambda mention: distance(mention, parameter.name))
    if len(fitting) >= len(rivals) or len(rivals) == 1:
        if spoken[parameter.name]:
            return mine
        others = {min(fitting, key=lambda m: distance(m, r.name)).start for r in rivals if spoken[r.name]}
        return next((mention for mention in fitting if mention.start not in others), fitting[0])
    nearer = min(rivals, key=lambda rival: (distance(mine, rival.name), rivals.index(rival)))
    return mine if nearer is parameter else None


def _searched(reading: Reading, model: Model, naming: Naming) -> Reading:
    """The reading with the thing that it lacks looked for among the words that nothing explains."""
    parameter = _lacking(reading, model)
    said_by_name = model.labels[reading.question.id]
    words = [piece for piece in reading.unexplained if not piece.meaning.concepts & said_by_name]
    if parameter is None or not words:
        return reading
    found = _named_by(words, parameter, naming)
    if not found:
        return reading
    ties = tuple(other for other in found[1:] if other.score > found[0].score - _SEARCH_MARGIN)
    values = reading.values | {parameter.name: Value(found[0].iri, found[0], ties)}
    score = _hope(reading, model) * _SEARCHED_FOUND * min(1.0, 0.5 + 0.5 * found[0].score)
    return replace(reading, values=values, missing=(), unexplained=(), score=min(score, 1.0))


def _named_by(words: Sequence[Piece], parameter: Parameter, naming: Naming) -> list[Candidate]:
    """What the words together may name, otherwise what the unknown one does, or the longest that names anything."""
    whole = " ".join(piece.text for piece in words)
    texts = [whole] if len(whole) > _SHORT else []
    unknown = [piece for piece in words if not piece.meaning.known and len(piece.text) > _SHORT]
    alone = unknown if unknown else words
    if len(words) > 1 and len(unknown) <= 1:  # of a name, every word that is none of ours must be told
        texts += sorted((piece.text for piece in alone if len(piece.text) > _SHORT), key=len, reverse=True)
    for text in texts[:_MOST_SEARCHED_WORDS]:
        found = naming.search(text, parameter.of or "")
        least = _CAPITAL_FITS if any(piece.named for piece in words) or not unknown else _NAME_FITS
        if found and found[0].score >= least:
            return found
    return []


def without(fit: Fit, model: Model, words: Sequence[Piece]) -> float:
    """The share of the words that the fit would explain if `words` had cost nothing."""
    cost = sum(model.cost(piece) for piece in words)
    if not fit.matched or fit.explained <= 0:
        return fit.explained
    total = fit.matched / fit.explained
    return fit.matched / max(total - cost, fit.matched)
