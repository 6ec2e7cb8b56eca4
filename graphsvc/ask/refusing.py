"""Why a sentence is not answered: it names what nobody here knows, or asks of what no document here tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphsvc.ask.lexicon import FOREIGN
from graphsvc.ask.model import Model
from graphsvc.ask.reading import Reading, without
from graphsvc.ask.sentence import Piece

# How the names of Swedish bodies end: an unknown word with such an ending is a name.
_BODY = re.compile(r"(nämnd(en)?s?|verkets?|bolagets?|kontorets?|förvaltning(en)?s?|rådets?|styrelsens?|kommuns?|museets?)$")
_FITS_OTHERWISE = 0.75


def uncovered(reading: Reading | None, pieces: Sequence[Piece]) -> str | None:
    """The foreign topic that some of `pieces` are of and the reading does not explain, if any."""
    said = reading.fit.phrasing.concepts if reading else frozenset()
    for piece in reading.rest if reading else pieces:
        foreign = sorted(c for c in piece.meaning.concepts if c.startswith(FOREIGN))
        if foreign and not piece.meaning.concepts & said:
            return foreign[0]
    return None


def unknown_name(reading: Reading, model: Model) -> str | None:
    """The name in the sentence that nothing has: written with a capital letter, ending as bodies do, or in the place of a
    thing that the question needs and that all its other words fit."""
    unknown = [piece for piece in reading.unexplained if not piece.meaning.known and any(map(str.isalpha, piece.text))]
    named = [piece for piece in unknown if piece.named or _BODY.search(piece.text.casefold())]
    if named:
        return _joined(named)
    if reading.missing and unknown and without(reading.fit, model, unknown) >= _FITS_OTHERWISE:
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
