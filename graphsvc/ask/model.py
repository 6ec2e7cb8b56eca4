"""What the questions' files say of how each is asked: its phrasings as sets of concepts, and what words weigh."""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from graphsvc.ask.lexicon import Lexicon, read_lexicon
from graphsvc.ask.likelihood import DAY, Usage, counted
from graphsvc.ask.phrasings import COUNT, Phrasing, read_phrasings
from graphsvc.ask.sentence import Piece, cleaned, read
from graphsvc.ask.words import tokens
from graphsvc.content import Content
from graphsvc.questions.catalogue import Catalogue, Question

NEGATION = "negation"
RESPONSIBLE = "responsible"
_SET_WEIGHTS = {NEGATION: 4.0, COUNT: 0.7}
_UNKNOWN_WEIGHT = 1.9
_ALONE = 2.2  # the most that a word weighs that no language file knows the meaning of
_UNKNOWN_NAME_WEIGHT = 4.0
_UNKNOWN_SHORT_WEIGHT = 0.4
_SHORT = 4
_OTHERWISE_ASKED = 0.75  # what a word costs that this question is asked with, only not in this phrasing
_MISSING_COSTS = 0.75  # what a word of the phrasing costs that the sentence lacks
UNFILLED = 0.65  # for each name that the phrasing has and the sentence lacks
_UNSAID = 0.96  # for each name that the sentence has and the phrasing lacks
_WORDLESS = 0.85  # for a phrasing of names alone
_MOST_LOOKED_AT = 6  # the likeliest questions
_MOST_HOPED_FOR = 3
_MOST_PHRASINGS = 2
_SPREAD = 0.2  # how fast the score of a question falls with its likelihood
EXPLAINED = 0.8
_NAMES = 0.7


@dataclass(frozen=True)
class Fit:
    """How well a sentence's words fit a question, by its nearest phrasing, and the pieces that it does not explain.

    `explained` is the share of their weight that fits, `matched` that weight; `names` how well its names fit, and `likely`
    how likely the question is beside the likeliest (all 0 to 1).
    """

    question: str
    explained: float
    names: float
    matched: float
    phrasing: Phrasing
    unexplained: tuple[Piece, ...]
    likely: float = 1.0

    @property
    def score(self) -> float:
        """How well the question fits (0 to 1)."""
        return float(self.explained**EXPLAINED * self.names**_NAMES) * self.likely


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

    def fits(
        self,
        pieces: Iterable[Piece],
        forms: frozenset[str],
        classes: Sequence[frozenset[str]] = (),
        days: int = 0,
        of_all: bool = False,
    ) -> dict[str, Fit]:
        """How the likeliest questions fit `pieces`, whose words have the stems `forms`; `classes` are those of each thing
        named, `days` how many are.

        `of_all` if it is asked whether something is so of all, which a question of those that are not so answers.
        """
        telling = [piece for piece in pieces if piece.meaning.concepts or not piece.meaning.known]
        if telling and all(piece.meaning.concepts == {COUNT} for piece in telling):
            return {}
        said = self.said(telling)
        let_be = frozenset({NEGATION}) if of_all else frozenset[str]()
        by_words = {name: u.of_words(said, let_be) + u.of_forms(forms) for name, u in self.usages.items()}
        likely = {name: by_words[name] + usage.of_names(classes, days) for name, usage in self.usages.items()}
        looked_at = heapq.nlargest(_MOST_LOOKED_AT, likely, key=likely.__getitem__)
        if any(not piece.meaning.known for piece in telling):  # one may be a name
            looked_at += heapq.nlargest(_MOST_HOPED_FOR, by_words, key=by_words.__getitem__)
        nearest = (self._nearest(name, said.keys(), telling, classes) for name in dict.fromkeys(looked_at))
        found = [fit for fit in nearest if fit is not None]
        most = max((likely[fit.question] for fit in found), default=0.0)
        return {fit.question: replace(fit, likely=math.exp(_SPREAD * (likely[fit.question] - most))) for fit in found}

    def said(self, pieces: Iterable[Piece]) -> dict[str, bool]:
        """The concepts that `pieces` mean and questions are asked with: true for one that is as well not meant."""
        said: dict[str, bool] = {}
        for piece in pieces:
            for concept in piece.meaning.concepts & self.weights.keys():
                said[concept] = said.get(concept, True) and piece.meaning.soft
        return said

    def hope(self, question: str, kind: str) -> float:
        """What a question's score may be multiplied by, at most, if a thing of the class `kind` is named after all."""
        return math.exp(_SPREAD * self.usages[question].gain(kind))

    def _nearest(self, name: str, said: Set[str], telling: list[Piece], classes: Sequence[frozenset[str]]) -> Fit | None:
        """The fit of the phrasings of a question that `pieces` are nearest to."""
        ways, with_concept = self._ways[name]
        common: dict[int, float] = defaultdict(float)
        for concept in said:
            for at in with_concept.get(concept, ()):
                common[at] += self.weights[concept]
        if not said and classes:  # names alone may ask it
            common |= {at: 0.0 for at, (way, _) in enumerate(ways) if not way.concepts and len(way.slots) > 1}
        names: dict[tuple[str, ...], float] = {}  # how well those of each combination of slots fit
        promising = []
        for at, matched in common.items():
            way, total = ways[at]
            if way.slots not in names:
                names[way.slots] = self._names_fit(way, classes)
            missing = _MISSING_COSTS * max(total - matched, 0.0)
            promising.append((names[way.slots] * (matched + 0.1) / (matched + missing + 2.0), way))
        near = heapq.nlargest(_MOST_PHRASINGS, promising, key=lambda pair: pair[0])
        found = [self._fit(phrasing, telling, classes) for _, phrasing in near]
        return max(found, key=lambda fit: fit.explained * fit.names, default=None)

    @cached_property
    def _ways(self) -> dict[str, tuple[list[tuple[Phrasing, float]], dict[str, list[int]]]]:
        """The phrasings of each question that mean something of their own, what the words of each weigh together, and which
        of them have a concept."""
        found = {}
        for name, phrasings in self._of_question.items():
            ways = list({(phrasing.pieces, phrasing.slots): phrasing for phrasing in phrasings}.values())
            with_concept: dict[str, list[int]] = defaultdict(list)
            for at, way in enumerate(ways):
                for concept in way.concepts:
                    with_concept[concept].append(at)
            found[name] = ([(way, sum(self._weight(piece.concepts) for piece in way.telling)) for way in ways], with_concept)
        return found

    @cached_property
    def usages(self) -> dict[str, Usage]:
        """What stands in the phrasings of each question."""
        shares = _shares(phrasing.concepts for phrasing in self.phrasings)
        form_shares = _shares(phrasing.forms for phrasing in self.phrasings)
        return {name: self._usage(told, shares, form_shares) for name, told in self._of_question.items()}

    def _usage(self, phrasings: Sequence[Phrasing], shares: Mapping[str, float], form_shares: Mapping[str, float]) -> Usage:
        wanted = [[self._wanted.get((p.question, slot), "") for slot in p.slots] for p in phrasings]
        names = Counter(named for kinds in wanted for named in counted(DAY[0] if kind is None else kind for kind in kinds))
        forms = Counter(form for phrasing in phrasings for form in phrasing.forms)
        return Usage(len(phrasings), self.profiles[phrasings[0].question], forms, names, shares, form_shares)

    @cached_property
    def _of_question(self) -> dict[str, list[Phrasing]]:
        """The phrasings of each question."""
        found: dict[str, list[Phrasing]] = defaultdict(list)
        for phrasing in self.phrasings:
            found[phrasing.question].append(phrasing)
        return found

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
        explained = matched / total if matched else 0.0
        if not phrasing.concepts:
            explained = _WORDLESS * _UNKNOWN_WEIGHT / (_UNKNOWN_WEIGHT + beside)
        return Fit(phrasing.question, explained, self._names_fit(phrasing, classes), matched, phrasing, tuple(unexplained))

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


def _shares(found: Iterable[frozenset[str]]) -> dict[str, float]:
    """In which share of the sets found each member is."""
    sets = list(found)
    return {member: number / len(sets) for member, number in Counter(m for members in sets for m in members).items()}


def read_model(content: Content) -> Model:
    """The model of the content's questions and language files."""
    catalogue, lexicon = Catalogue(content), read_lexicon(content)
    return Model(lexicon, {question.id: question for question in catalogue}, read_phrasings(catalogue, lexicon))
