"""Which words of a sentence say a parameter: "giver", "som deltagare"; and how near a name they stand."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.ask.model import Model
from graphsvc.ask.sentence import Mention, Piece
from graphsvc.ask.words import tokens
from graphsvc.questions.catalogue import Parameter


def spoken_of(model: Model, parameter: Parameter, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that say a word of the parameter's label, those that always mean something rather than others."""
    concepts = {
        concept
        for language, label in parameter.label.items()
        for token in tokens(label)
        for concept in model.lexicon.meaning(token.folded, language).concepts
    }
    spoken = [piece for piece in pieces if piece.meaning.concepts & concepts]
    return [piece for piece in spoken if not piece.meaning.soft] or spoken


def gap(mention: Mention, piece: Piece) -> int:
    """How many characters stand between a mention and a piece."""
    return max(piece.start - mention.end, mention.start - piece.end, 0)
