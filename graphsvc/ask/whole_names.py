"""Names that the index finds when it is given just their words: in quotation marks, in another order, misspelt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rapidfuzz.distance import OSA

from graphsvc.ask.lexicon import Lexicon
from graphsvc.ask.sentence import Sentence
from graphsvc.ask.words import plain
from graphsvc.search.index import Hit, NameIndex

Place = tuple[int, int, tuple[Hit, ...]]

_QUOTED = re.compile(r"[\"“”«»„]([^\"“”«»„]{4,200})[\"“”«»„]")
_SURE = 0.75  # a place whose best name scores so much needs no second look
_WHOLE = 0.84  # what the index gives a name that has every word
_ALIKE = 0.85  # how like a name its misspelling is
_SLIPS = 0.74
_LONG = 7  # letters from which a name may be misspelt
_LONG_WORD = 4
_MOST = 3  # texts that are looked up: each takes about a millisecond
_MOST_QUOTED = 2
_MOST_CANDIDATES = 8


def whole_names(
    sentence: Sentence,
    places: Sequence[Place],
    taken: Sequence[tuple[int, int]],
    names: NameIndex,
    lexicon: Lexicon,
    kinds: Collection[str],
    language: str,
) -> list[Place]:
    """The places where one of the `kinds` is named whole and neither the spotted `places` nor the `taken` spans say so."""
    found: list[Place] = []
    for match in list(_QUOTED.finditer(sentence.text))[:_MOST_QUOTED]:
        hits = _named(match[1], names, kinds, language)
        if hits:
            found.append((match.start(1), match.end(1), hits))
    sure = [(start, end) for start, end, hits in places if hits and hits[0].score >= _SURE]
    sure += [(start, end) for start, end, _ in found] + [(day.start, day.end) for day in sentence.days if day.exact]
    sure += taken
    looked_up = 0
    for start, end, misspelt in _doubtful(sentence, places, lexicon):
        if looked_up == _MOST:
            break
        if any(start < other_end and other_start < end for other_start, other_end in sure):
            continue
        looked_up += 1
        hits = _named(sentence.text[start:end], names, kinds, language, misspelt)
        if hits:
            found.append((start, end, hits))
            sure.append((start, end))
    return found


def likeness(text: str, name: str) -> float:
    """A score for a whole name with slips in it (0 if they are too many)."""
    alike = OSA.normalized_similarity(plain(text.casefold()), plain(name.casefold()))
    return alike if alike >= _SLIPS and len(text) >= _LONG else 0.0


def _named(text: str, names: NameIndex, kinds: Collection[str], language: str, misspelt: bool = False) -> tuple[Hit, ...]:
    hits = names.search(text, language=language, kinds=tuple(kinds), most=_MOST_CANDIDATES)
    return tuple(hit for hit in hits if (hit.score >= _WHOLE and not misspelt) or likeness(text, hit.name) >= _ALIKE)


def _doubtful(sentence: Sentence, places: Sequence[Place], lexicon: Lexicon) -> Iterator[tuple[int, int, bool]]:
    """The spans to look up, and whether they are misspelt names: doubtful places, with a number before or after; then
    words around one that nobody asks with."""
    words = sentence.words
    for start, end, hits in places:
        inside = [place for place, word in enumerate(words) if word.start < end and start < word.end]
        if hits and hits[0].score < _SURE and len(inside) > 1:
            first = inside[0] - 1 if inside[0] > 0 and words[inside[0] - 1].folded.isdigit() else inside[0]
            following = inside[-1] + 1
            last = following if following < len(words) and words[following].folded.isdigit() else inside[-1]
            yield words[first].start, words[last].end, False
    for place, word in enumerate(words):
        if len(word.folded) >= _LONG_WORD and not lexicon.knows(word.folded) and not lexicon.misspelt(word.folded):
            for first, last in ((place, place + 2), (place - 2, place), (place - 1, place + 1)):
                if first >= 0 and last < len(words):
                    yield words[first].start, words[last].end, True
