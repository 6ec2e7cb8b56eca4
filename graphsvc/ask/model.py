"""What the questions' files say of how each is asked: its phrasings as sets of concepts, and what words weigh."""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from graphsvc.ask.lexicon import FOREIGN, Lexicon, Meaning, read_lexicon
from graphsvc.ask.sentence import Piece, cleaned, read
from graphsvc.ask.words import LANGUAGES, tokens
from graphsvc.content import Content
from graphsvc.questions.catalogue import Catalogue, Question

SLOT = re.compile(r"\{(\w+)\}")
NEGATION = "negation"
COUNT = "number"
RESPONSIBLE = "responsible"
_SET_WEIGHTS = {NEGATION: 4.0, COUNT: 0.7}
_UNKNOWN_WEIGHT = 1.9
_ALONE = 2.2  # the most that a word weighs that no language file knows the meaning of
_UNKNOWN_NAME_WEIGHT = 4.0
_UNKNOWN_SHORT_WEIGHT = 0.4
_SHORT = 4
_OTHERWISE_ASKED = 0.4  # what a word costs that this question is asked with, only not in this phrasing
_MISSING_COSTS = 0.55  # what a word of the phrasing costs that the sentence lacks
UNFILLED = 0.8  # for each name that the phrasing has and the sentence lacks
_UNSAID = 0.96  # for each name that the sentence has and the phrasing lacks
_TYPICAL = 0.14  # the share of a fit's score that depends on how common its words are in the question
_ALWAYS = 0.7  # the share of a question's phrasings from which a word belongs to it
_NOT_NEGATED = 0.88  # for a sentence without "not", of a question that always has it
_WORDLESS = 0.85  # for a phrasing of names alone
_MOST_LOOKED_AT = 40


@dataclass(frozen=True)
class Phrasing:
    """One way to ask a question: what each of its words means, and the parameters whose names stand in it, in order."""

    question: str
    pieces: tuple[Meaning, ...]
    concepts: frozenset[str]
    slots: tuple[str, ...]

    @property
    def telling(self) -> tuple[Meaning, ...]:
        """The pieces that a sentence should have too: those that always mean something, or all where there are none."""
        hard = tuple(piece for piece in self.pieces if not piece.soft)
        return hard if any(piece.concepts != {COUNT} for piece in hard) else self.pieces


@dataclass(frozen=True)
class Fit:
    """How well a sentence's words fit a question (0 to 1), by which phrasing, and the pieces that it does not explain.

    `matched` is the weight of the words that fit.
    """

    question: str
    score: float
    matched: float
    phrasing: Phrasing
    unexplained: tuple[Piece, ...]


@dataclass
class Model:
    """The catalogue's questions as they are asked."""

    lexicon: Lexicon
    questions: Mapping[str, Question]
    phrasings: tuple[Phrasing, ...]

    @cached_property
    def weights(self) -> dict[str, float]:
        """What each concept weighs: more, the fewer questions are asked with it."""
        asked: dict[str, set[str]] = defaultdict(set)
        for phrasing in self.phrasings:
            for concept in phrasing.concepts:
                asked[concept].add(phrasing.question)
        number = len(self.questions)
        weights = {c: _SET_WEIGHTS.get(c, math.log(1 + number / len(ids))) for c, ids in asked.items()}
        return {c: min(weight, _ALONE) if c.startswith("=") else weight for c, weight in weights.items()}

    @cached_property
    def profiles(self) -> dict[str, Counter[str]]:
        """The concepts that each question is asked with, in any phrasing, and in how many."""
        profiles: dict[str, Counter[str]] = {name: Counter() for name in self.questions}
        for phrasing in self.phrasings:
            profiles[phrasing.question].update(phrasing.concepts)
        return profiles

    @cached_property
    def told(self) -> dict[str, frozenset[str]]:
        """The concepts in what each question's file tells of its answer: the description and the labels of the columns."""
        return {
            question.id: frozenset(
                concept
                for texts in (question.description, *(column.label for column in question.columns))
                for language, text in texts.items()
                for piece in read(cleaned(text), self.lexicon, language).pieces(self.lexicon, ())
                for concept in piece.meaning.concepts
                if concept != NEGATION
            )
            for question in self.questions.values()
        }

    @cached_property
    def labels(self) -> dict[str, frozenset[str]]:
        """The concepts that the labels of each question's things mean: "the document" beside its name explains itself."""
        return {
            question.id: frozenset(
                concept
                for parameter in question.parameters
                if parameter.kind == "thing"
                for language, label in parameter.label.items()
                for token in tokens(label)
                for concept in self.lexicon.meaning(token.folded, language).concepts
            )
            for question in self.questions.values()
        }

    @cached_property
    def asked_of(self) -> frozenset[str]:
        """The classes of the things that questions are asked of."""
        return frozenset(kind for kind in self._wanted.values() if kind)

    @cached_property
    def _holding(self) -> dict[str, list[int]]:
        holding: dict[str, list[int]] = defaultdict(list)
        for number, phrasing in enumerate(self.phrasings):
            for concept in phrasing.concepts:
                holding[concept].append(number)
        return holding

    def fits(self, pieces: Iterable[Piece], classes: Sequence[frozenset[str]] = (), of_all: bool = False) -> dict[str, Fit]:
        """The best fit of every question that shares a word with `pieces`; `classes` are those of each thing named.

        `of_all` if it is asked whether something is so of all, which a question of those that are not so answers.
        """
        telling = [piece for piece in pieces if piece.meaning.concepts or not piece.meaning.known]
        shared: dict[int, float] = defaultdict(float)
        for concept in {concept for piece in telling for concept in piece.meaning.concepts}:
            weight = self.weights.get(concept, 0.0)
            for number in self._holding.get(concept, ()):
                shared[number] += weight
        if telling and all(piece.meaning.concepts == {COUNT} for piece in telling):
            return {}
        if not shared:
            wordless = [number for number, p in enumerate(self.phrasings) if not p.concepts and len(p.slots) > 1]
            shared = dict.fromkeys(wordless, 0.0)
        said = sum(self.cost(piece) for piece in telling if not piece.meaning.soft)
        names: dict[tuple[str, tuple[str, ...]], float] = {}
        promising = []
        for number, weight in shared.items():
            phrasing, total = self.phrasings[number], self._totals[number]
            key = phrasing.question, phrasing.slots
            if key not in names:
                names[key] = self._names_fit(phrasing, classes)
            whole = weight + max(said - weight, 0.0) + _MISSING_COSTS * max(total - weight, 0.0)
            promising.append((names[key] * (weight / whole if whole else 1.0), number))
        best: dict[str, Fit] = {}
        for _, number in heapq.nlargest(_MOST_LOOKED_AT, promising):
            fit = self._fit(self.phrasings[number], telling, classes)
            kept = best.get(fit.question)
            if kept is None or fit.score > kept.score:
                best[fit.question] = fit
        return {name: self._typical(fit, telling, of_all) for name, fit in best.items()}

    def _typical(self, fit: Fit, pieces: Sequence[Piece], of_all: bool) -> Fit:
        """The fit, a little less the less its question is commonly asked with these words, and the more with others."""
        profile, number = self.profiles[fit.question], self._asked[fit.question]
        said = {concept for piece in pieces for concept in piece.meaning.concepts if concept in self.weights}
        common = sum(self.weights[concept] * profile[concept] / number for concept in said if concept in profile)
        both = sum(self.weights[concept] for concept in said)
        both += sum(self.weights[c] * count / number for c, count in profile.items() if c not in said)
        share = min(1.0, 2 * common / both) if said else 1.0
        score = fit.score * (1 - _TYPICAL + _TYPICAL * share)
        if NEGATION not in said and not of_all and profile[NEGATION] > _ALWAYS * number:
            score *= _NOT_NEGATED
        return replace(fit, score=score)

    @cached_property
    def _asked(self) -> Counter[str]:
        return Counter(phrasing.question for phrasing in self.phrasings)

    @cached_property
    def _totals(self) -> list[float]:
        """What the words of each phrasing weigh together."""
        return [sum(self._weight(piece.concepts) for piece in phrasing.telling) for phrasing in self.phrasings]

    def _fit(self, phrasing: Phrasing, pieces: list[Piece], classes: Sequence[frozenset[str]]) -> Fit:
        profile, said_by_name = self.profiles[phrasing.question], self.labels[phrasing.question] if classes else frozenset()
        matched = beside = 0.0
        unexplained: list[Piece] = []
        concepts: set[str] = set()
        for piece in pieces:
            own = piece.meaning.concepts
            concepts |= own
            common = own & phrasing.concepts
            if common:
                matched += max(self.weights[concept] for concept in common)
            elif not piece.meaning.soft and not own & said_by_name:
                elsewhere = own & (profile.keys() | self.told[phrasing.question])
                cost = self.cost(piece) * (_OTHERWISE_ASKED if elsewhere else 1.0)
                beside += cost
                if not elsewhere:
                    unexplained.append(piece)
        missing = sum(self._weight(piece.concepts) for piece in phrasing.telling if not piece.concepts & concepts)
        total = matched + beside + _MISSING_COSTS * missing
        score = matched / total if matched else 0.0
        if not phrasing.concepts:
            score = _WORDLESS * _UNKNOWN_WEIGHT / (_UNKNOWN_WEIGHT + beside)
        score *= self._names_fit(phrasing, classes)
        return Fit(phrasing.question, score, matched, phrasing, tuple(unexplained))

    def _names_fit(self, phrasing: Phrasing, classes: Sequence[frozenset[str]]) -> float:
        """How well the names in the phrasing fit those in the sentence."""
        left = list(classes)
        unfilled = 0
        for slot in phrasing.slots:
            wanted = self._wanted.get((phrasing.question, slot), "")
            found = next((kinds for kinds in left if not wanted or wanted in kinds), None)
            if found is not None:
                left.remove(found)
            elif wanted is not None:
                unfilled += 1
        return float(UNFILLED**unfilled * _UNSAID ** len(left))

    @cached_property
    def _wanted(self) -> dict[tuple[str, str], str | None]:
        """The class of thing that each parameter of each question takes; None for dates, years and texts."""
        return {(question.id, p.name): p.of for question in self.questions.values() for p in question.parameters}

    def cost(self, piece: Piece) -> float:
        """What it costs a reading to leave `piece` unexplained."""
        if not piece.meaning.known:
            if len(piece.text) < _SHORT:
                return _UNKNOWN_SHORT_WEIGHT
            return _UNKNOWN_NAME_WEIGHT if piece.named else _UNKNOWN_WEIGHT
        return self._weight(piece.meaning.concepts)

    def _weight(self, concepts: frozenset[str]) -> float:
        known = [self.weights[concept] for concept in concepts if concept in self.weights]
        return sum(known) / len(known) if known else 2.5


def read_model(content: Content) -> Model:
    """The model of the content's questions and language files."""
    catalogue = Catalogue(content)
    lexicon = read_lexicon(content)
    told = [(question, language, text) for question in catalogue for language, text in _texts(question)]
    for _, language, text in told:
        for word in tokens(SLOT.sub(" ", text)):
            if not lexicon.knows(word.folded):
                lexicon.add(f"={word.folded}", language, [word.folded])
    phrasings = {_phrasing(question, language, text, lexicon) for question, language, text in told}
    kept = sorted(phrasings, key=lambda p: (p.question, sorted(p.concepts), p.slots))
    return Model(lexicon, {question.id: question for question in catalogue}, tuple(kept))


def _texts(question: Question) -> Iterable[tuple[str, str]]:
    for language in LANGUAGES:
        yield language, question.title[language]
        for text in question.phrasings.get(language, ()):
            yield language, text


def _phrasing(question: Question, language: str, text: str, lexicon: Lexicon) -> Phrasing:
    slots = tuple(SLOT.findall(text))
    sentence = read(cleaned(SLOT.sub(" ", text)), lexicon, language)
    meanings = (_own(piece.meaning) for piece in sentence.pieces(lexicon, ()))
    pieces = tuple(meaning for meaning in meanings if meaning.concepts)
    return Phrasing(question.id, pieces, frozenset(c for piece in pieces for c in piece.concepts), slots)


def _own(meaning: Meaning) -> Meaning:
    """The meaning without topics that are not covered: no phrasing makes one covered."""
    return replace(meaning, concepts=frozenset(c for c in meaning.concepts if not c.startswith(FOREIGN)))
