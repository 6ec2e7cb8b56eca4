"""Proactive content negotiation (RFC 9110 §12.5.1): which of the offered representations a client likes best."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_RANGE = re.compile(r"(?:\*/\*|[!#$&^_.+\w-]+/(?:\*|[!#$&^_.+\w-]+))")
_PIECES = re.compile(r'(?:[^,;"]|"(?:[^"\\]|\\.)*")+|[,;]')
_MOST_CHARACTERS = 4096


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One range of an Accept header: type and subtype (either may be *), parameters in lower case, and the weight q."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def specificity(self, media: str, parameters: frozenset[tuple[str, str]]) -> int:
        """How closely it fits a representation (0: not at all), as RFC 9110 §12.5.1 orders ranges."""
        kind, _, subtype = media.partition("/")
        if self.type not in ("*", kind) or self.subtype not in ("*", subtype):
            return 0
        if not self.parameters <= parameters:
            return 0
        return 1 if self.type == "*" else 2 if self.subtype == "*" else 3 + len(self.parameters)


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """Which of the media types `offered` the Accept header `accept` prefers, or None if it takes none of them.

    Of equally liked ones the first offered wins; a missing or empty header takes anything. Ranges that are not well
    formed are ignored; `charset=utf-8` in a range is no restriction, since everything here is UTF-8.
    """
    return _best(accept or "", tuple(offered))


@lru_cache(maxsize=1024)
def _best(accept: str, offered: tuple[str, ...]) -> str | None:
    if not offered:
        return None
    ranges = ranges_of(accept)
    if not ranges:
        return offered[0] if not accept.strip() else None
    qualities = {media: _quality(media, ranges) for media in offered}
    liked = max(offered, key=lambda media: qualities[media])
    return liked if qualities[liked] > 0 else None


def ranges_of(accept: str) -> list[MediaRange]:
    """The well-formed media ranges of an Accept header, as written; a header of unreasonable length has none."""
    if len(accept) > _MOST_CHARACTERS:
        return []
    found: list[MediaRange] = []
    pieces: list[str] = []
    for piece in [*_PIECES.findall(accept), ","]:
        if piece != ",":
            pieces.append(piece)
            continue
        read = _range("".join(pieces))
        if read:
            found.append(read)
        pieces = []
    return found


def _range(text: str) -> MediaRange | None:
    media, *rest = (piece.strip() for piece in _split(text))
    if not _RANGE.fullmatch(media):
        return None
    quality, parameters = 1.0, set()
    for piece in rest:
        name, _, value = (part.strip().lower() for part in piece.partition("="))
        if name == "q":
            if not _QUALITY.fullmatch(value):
                return None
            quality = float(value)
            break  # what follows q was an extension, which RFC 9110 withdrew
        if name and (name, value.strip('"')) != ("charset", "utf-8"):
            parameters.add((name, value.strip('"')))
    kind, _, subtype = media.lower().partition("/")
    return MediaRange(kind, subtype, frozenset(parameters), quality)


def _split(text: str) -> list[str]:
    pieces = [""]
    for piece in _PIECES.findall(text):
        if piece == ";":
            pieces.append("")
        else:
            pieces[-1] += piece
    return pieces


def _quality(media: str, ranges: Sequence[MediaRange]) -> float:
    """The weight of the most specific range that fits `media`; 0 where none does."""
    plain, *rest = media.lower().split(";")
    parameters = frozenset(tuple(map(str.strip, p.split("=", 1))) for p in rest if "=" in p)
    fitting = [(r.specificity(plain.strip(), parameters), r.quality) for r in ranges]  # type: ignore[arg-type]
    return max(((s, q) for s, q in fitting if s), default=(0, 0.0))[1]
