"""Where a sentence names something: spotted by the index of names, and everyday names of documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from graphsvc.ask.everyday import EverydayNames
from graphsvc.ask.lexicon import JOINING, Lexicon
from graphsvc.ask.sentence import Candidate, Mention, Sentence
from graphsvc.ask.whole_names import Place, likeness, whole_names
from graphsvc.ask.words import plain, tokens
from graphsvc.content import Content
from graphsvc.labels import bind, labels_of
from graphsvc.namespaces import STYR
from graphsvc.search.index import Hit, NameIndex
from graphsvc.store.interface import Store
from graphsvc.terms import Iri

_MOST_CANDIDATES = 8
_HALF_SAID = 0.84  # the score from which one word of a name is enough
_LONG_ENOUGH = 4
_MOST_HALF_SAID = 3
_LONG_WORD = 4
_WHOLE = 0.95  # the score from which a name is whole


@dataclass(frozen=True)
class Naming:
    """What names are looked up in: the store, the content, the index of names, the lexicon, everyday names, the
    classes of the things that questions are asked of, and a language."""

    store: Store
    content: Content
    names: NameIndex
    lexicon: Lexicon
    everyday: EverydayNames
    asked_of: frozenset[str]
    language: str
    _searched: dict[tuple[str, str], list[Candidate]] = field(default_factory=dict, compare=False)

    def mentions(self, sentence: Sentence) -> tuple[Mention, ...]:
        """All mentions in the sentence, longest first; they may overlap."""
        places = [(spot.start, spot.end, spot.hits[:_MOST_CANDIDATES]) for spot in self.names.spot(sentence.text)]
        days = list(self._everyday(sentence))
        taken = [(start, end) for start, end, _ in days]
        places = _merged(
            places, whole_names(sentence, places, taken, self.names, self.lexicon, self.asked_of, self.language)
        )
        places = [_extended(sentence, place) for place in places]
        half_said = self._half_said(sentence, [(start, end) for start, end, _ in places])
        places += half_said
        documents = {document for *_, document in days}
        texts = {self.everyday.texts[document] for document in documents if document in self.everyday.texts}
        classes = self._classes({hit.iri for *_, hits in places for hit in hits} | documents | texts)
        labels = labels_of(self.store, self.content, classes, self.language)
        published = self._published(iri for iri, kinds in classes.items() if STYR + "Actor" in kinds)
        found = [
            Mention(
                start, end, _candidates(hits, classes, labels, published), place in half_said or self._weak(sentence, *place)
            )
            for place in places
            for start, end, hits in [place]
        ]
        found = [mention for mention in found if self._useful(mention)]
        spans = {(start, end) for start, end, _ in days}
        found = [m for m in found if (m.start, m.end) not in spans or m.candidates[0].score >= _WHOLE]
        spotted = {(mention.start, mention.end) for mention in found}
        for start, end, document in days:
            if (start, end) not in spotted:
                meant = [iri for iri in (document, self.everyday.texts.get(document)) if iri]
                candidates = tuple(Candidate(i, labels.get(i, i), classes.get(i, frozenset()), 1.0) for i in meant)
                found.append(Mention(start, end, candidates, weak=True, everyday=True))
        return tuple(sorted(found, key=lambda mention: (mention.start - mention.end, mention.start)))

    def _half_said(self, sentence: Sentence, places: Sequence[tuple[int, int]]) -> list[Place]:
        """Words that nobody asks with and that stand in the name of an actor: "Gävle" for Gävle kommun."""
        found: list[Place] = []
        for word in sentence.words:
            covered = any(word.start < end and start < word.end for start, end in places)
            if covered or len(word.folded) < _LONG_ENOUGH or self.lexicon.knows(word.folded):
                continue
            actors = self.names.search(word.text, language=self.language, kinds=(STYR + "Actor",), most=1)
            if actors and actors[0].score >= _HALF_SAID and len(found) < _MOST_HALF_SAID:
                best = self.names.search(word.text, language=self.language, kinds=self.asked_of, most=1)
                if best[0].iri == actors[0].iri:
                    found.append((word.start, word.end, (actors[0],)))
        return found

    def search(self, text: str, kind: str) -> list[Candidate]:
        """What of the class `kind` may be called `text`, best first."""
        if (text, kind) not in self._searched:
            hits = self.names.search(text, language=self.language, kinds=(kind,), most=5)
            self._searched[text, kind] = [
                Candidate(hit.iri, hit.label, frozenset({kind}), max(hit.score, likeness(text, hit.name))) for hit in hits
            ]
        return self._searched[text, kind]

    def near(self, text: str) -> list[Candidate]:
        """Whatever has a name like `text`, best first."""
        hits = self.names.search(text, language=self.language, most=3)
        return [Candidate(hit.iri, hit.label, frozenset({hit.kind}), hit.score) for hit in hits]

    def _classes(self, iris: Iterable[str]) -> dict[str, frozenset[str]]:
        wanted = sorted(set(iris))
        if not wanted:
            return {}
        found: dict[str, set[str]] = {iri: set() for iri in wanted}
        for row in self.store.select(bind(self.content.lookup("classes-of"), {"thing": map(Iri, wanted)})).rows:
            found[row["thing"].value].add(row["class"].value)
        return {iri: frozenset(classes) for iri, classes in found.items()}

    def _published(self, actors: Iterable[str]) -> dict[str, str]:
        """The document of each of `actors` that has published one alone: "what Stadshus proposes" stands in it."""
        among = sorted(actors)
        if not among:
            return {}
        found: dict[str, list[str]] = {}
        for row in self.store.select(bind(self.content.lookup("published-by"), {"actor": map(Iri, among)})).rows:
            found.setdefault(row["actor"].value, []).append(row["document"].value)
        return {actor: documents[0] for actor, documents in found.items() if len(documents) == 1}

    def _everyday(self, sentence: Sentence) -> Iterable[tuple[int, int, str]]:
        place = 0
        while place < len(sentence.words):
            found = self.everyday.at(sentence.words, place, self.lexicon)
            if found:
                length, document = found
                yield sentence.words[place].start, sentence.words[place + length - 1].end, document
            place += found[0] if found else 1

    def _useful(self, mention: Mention) -> bool:
        """Whether some question is asked of such a thing, or the name is a whole one."""
        if not mention.candidates:
            return False
        return mention.candidates[0].score >= _WHOLE or any(c.classes & self.asked_of for c in mention.candidates)

    def _weak(self, sentence: Sentence, start: int, end: int, hits: Sequence[Hit]) -> bool:
        """Whether the words of a mention are ordinary ones too, and no exact name is written with a capital letter."""
        words = [word for word in tokens(sentence.text[start:end]) if word.folded not in JOINING]
        whole = bool(hits) and hits[0].score >= _WHOLE
        known = [self.lexicon.asked_with(w.folded) or (not whole and self.lexicon.misspelt(w.folded)) for w in words]
        if not all(known):
            return False
        exact = any(plain(hit.name.casefold()) == plain(sentence.text[start:end].casefold()) for hit in hits)
        capital = start > 0 and words[0].looks_like_name
        return not (exact and capital)


def _extended(sentence: Sentence, place: Place) -> Place:
    """The place with the long words beside it that its best name has too, if with a slip."""
    start, end, hits = place
    if not hits or hits[0].score < _HALF_SAID:
        return place
    names = f"{hits[0].name} {hits[0].label}"
    own = {plain(token.folded) for token in tokens(names) if len(token.folded) >= _LONG_WORD}
    beside = [word for word in sentence.words if word.start >= end] + [w for w in reversed(sentence.words) if w.end <= start]
    for word in beside:
        near = min((abs(word.start - end), abs(start - word.end)))
        if near > 1 or len(word.folded) < _LONG_WORD:
            continue
        if any(OSA.distance(plain(word.folded), name, score_cutoff=1) <= 1 for name in own):
            start, end = min(start, word.start), max(end, word.end)
    return start, end, hits


def _merged(places: Sequence[Place], whole: Sequence[Place]) -> list[Place]:
    """The spotted places and the whole names, which tell better what is named where they stand."""
    spans = {(start, end) for start, end, _ in whole}
    return [*whole, *(place for place in places if (place[0], place[1]) not in spans)]


def _candidates(
    hits: Sequence[Hit], classes: dict[str, frozenset[str]], labels: dict[str, str], published: dict[str, str]
) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            hit.iri,
            labels.get(hit.iri, hit.label),
            classes.get(hit.iri, frozenset()),
            hit.score,
            hit.document or published.get(hit.iri),
        )
        for hit in hits
    )
