"""Lines of text that fit a width, broken as Swedish and English are: at spaces, after hyphens, inside words last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from graphsvc.diagrams.fonts import REGULAR, width
from graphsvc.terms import typeset

if TYPE_CHECKING:
    from pyphen import Pyphen

_DICTIONARIES = {"sv": "sv_SE", "en": "en_GB"}
_PARTS = re.compile(r"[^-/]+[-/]*|[-/]+")
_HEADS = re.compile(  # what the second part of a Swedish compound often begins with
    "arbet|avsikt|bild|bolag|bostad|byggnad|centrum|delt|dokument|effekt|enhet|fråg|fullmäktig|förvaltning|förbund|grupp|förslag|"
    "föreskrift|insats|institut|kommun|koncern|kontor|led|liv|marknad|miljö|myndighet|nämnd|område|ordning|organisation|plan|"
    "politik|process|program|rapport|region|resurs|råd|sam|sektor|skol|stad|styr|stöd|system|sjukvård|sekretariat|undersök|"
    "uppfölj|utbild|utred|utveckl|verk|villkor|vård|väg"
)
_LONG_WORD = 12
_LEAST_LETTERS = 3


@lru_cache(maxsize=20_000)
def lines(text: str, room: float, size: float, weight: int = REGULAR, language: str = "sv") -> tuple[str, ...]:
    """`text` in lines no wider than `room` (in the unit of `size`); a word is divided only where it fits no line whole."""
    made, line = [], ""
    for glue, piece in _pieces(typeset(text)):
        joined = f"{line}{glue}{piece}" if line else piece
        if width(joined, size, weight) <= room:
            line = joined
            continue
        if line:
            made.append(line)
        *whole, line = _divided(piece, room, size, weight, language)
        made += whole
    return (*made, line)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The words of `text` and what stands before each; those with a hyphen or a slash in parts that may end a line."""
    for word in text.split(" "):
        glue = " "
        for part in _PARTS.findall(word) if len(word) > _LONG_WORD and not any(map(str.isdigit, word)) else [word]:
            yield glue, part
            glue = ""


def _divided(word: str, room: float, size: float, weight: int, language: str) -> list[str]:
    """The lines that a word makes; one too long for a line is divided, at the joint of a compound where one fits."""
    made: list[str] = []
    while width(word, size, weight) > room:
        fitting = [cut for cut in _joints(word, language) if width(word[:cut] + "-", size, weight) <= room]
        at_joint = [cut for cut in fitting if _HEADS.match(word, cut)]
        cut = max(at_joint or fitting, default=0) or _forced(word, room, size, weight)
        made.append(f"{word[:cut]}-")
        word = word[cut:]
    return [*made, word]


def _forced(word: str, room: float, size: float, weight: int) -> int:
    fitting = [cut for cut in range(1, len(word)) if width(word[:cut] + "-", size, weight) <= room]
    return max(fitting, default=1)


def _joints(word: str, language: str) -> list[int]:
    return [cut for cut in _dictionary(language).positions(word) if _LEAST_LETTERS <= cut <= len(word) - _LEAST_LETTERS]


@cache
def _dictionary(language: str) -> Pyphen:
    from pyphen import Pyphen

    return Pyphen(lang=_DICTIONARIES.get(language, "sv_SE"))


def unbroken(address: str, room: float, size: float) -> list[str]:
    """An address in lines, divided after a slash or a sign where it must be, without a hyphen."""
    made = [""]
    for part in re.findall(r"[^/?&=]+[/?&=]*|[/?&=]+", address):
        if made[-1] and width(made[-1] + part, size) > room:
            made.append("")
        made[-1] += part
    return made
