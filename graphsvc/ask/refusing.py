"""Why a sentence is not answered: it names what nobody here knows, or asks of what no document here tells."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.ask.lexicon import FOREIGN, ONE_OF_ITS_KIND, Lexicon
from graphsvc.ask.model import Model
from graphsvc.ask.reading import Reading, without
from graphsvc.ask.sentence import Mention, Piece, Sentence
from graphsvc.ask.words import plain
from graphsvc.namespaces import STYR

_FITS_OTHERWISE = 0.75
_PADDING = 5
_LONGEST_ORDER = 3


def uncovered(reading: Reading | None, sentence: Sentence, lexicon: Lexicon) -> str | None:
    """The foreign topic that some words of the sentence are of and the reading does not explain, if any.

    A group of words is of its topic even if one of them is in a name: "hur många poliser".
    """
    said = reading.fit.phrasing.concepts if reading else frozenset()
    whole = sentence.pieces(lexicon, ())
    groups = [piece for piece in whole if " " in piece.text and not _is_named(piece, sentence.mentions)]
    for piece in [*(reading.rest if reading else whole), *groups]:
        foreign = sorted(c for c in piece.meaning.concepts if c.startswith(FOREIGN))
        if foreign and not piece.meaning.concepts & said:
            return foreign[0]
    return None


def _is_named(piece: Piece, mentions: Sequence[Mention]) -> bool:
    return any(mention.start <= piece.start and piece.end <= mention.end for mention in mentions)


def is_order(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether the sentence begins, after some padding, as one that wants something done."""
    words = [plain(word.folded) for word in sentence.words]
    for start in range(min(_PADDING, len(words)) + 1):
        if any(tuple(words[start : start + length]) in lexicon.orders for length in range(1, _LONGEST_ORDER + 1)):
            return True
        if start == len(words) or words[start] not in lexicon.polite:
            return False
    return False


def unknown_name(reading: Reading, model: Model, mentions: Sequence[Mention] = ()) -> str | None:
    """The name in the sentence that nothing has: written with a capital letter, ending as bodies do, or in the place of a
    thing that the question needs and that all its other words fit. What stands in one of the `mentions` is known."""
    unknown = [piece for piece in reading.unexplained if not piece.meaning.known and any(map(str.isalpha, piece.text))]
    unknown = [piece for piece in unknown if not any(m.start < piece.end and piece.start < m.end for m in mentions)]
    named = [piece for piece in unknown if piece.named or ONE_OF_ITS_KIND.search(piece.text.casefold())]
    if named:
        return _joined(named)
    needed = any(parameter.of != STYR + "Document" for parameter in reading.missing)
    if needed and unknown and without(reading.fit, model, unknown) >= _FITS_OTHERWISE:
        return _joined(unknown)
    return None


def _joined(pieces: Sequence[Piece]) -> str:
    """Pieces that stand beside one another as one name; the first such run."""
    run = [pieces[0]]
    for piece in pieces[1:]:
        if piece.start - run[-1].end > 2:
            break
        run.append(piece)
    return " ".join(piece.text for piece in run)
