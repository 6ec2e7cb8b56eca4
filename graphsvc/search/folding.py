"""How names and what people type become comparable: folded letters, words with their places, stems; the home of Snowball."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import snowballstemmer

_MARKS = "[\u0300-\u036f]*"
_WORD = re.compile(rf"(?:[^\W_]{_MARKS})+")
_SHORTEST_STEMMED = 4
_WITHOUT_PARTS = str.maketrans({"ø": "o", "æ": "a", "œ": "o", "ð": "d", "đ": "d", "ł": "l", "þ": "th"})
_GENITIVE_MARKS = ":'’´"
_WHOLE_ENDINGS = ("verkan", "plan", "man")
_stemmer = snowballstemmer.stemmer("swedish")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its offsets there, as it is written (NFC, case folded), and folded to plain letters."""

    start: int
    end: int
    written: str
    plain: str


def folded(text: str) -> str:
    """`text` in plain letters: å and ä as a, ö as o, é as e, case folded, as on a keyboard that lacks them."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_WITHOUT_PARTS)
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def words(text: str) -> list[Word]:
    """The words of `text` in order; the s of a genitive with a mark (AB:s, KS's) belongs to the place of its word."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if found and match.group() in "sS" and start == found[-1].end + 1 and text[start - 1] in _GENITIVE_MARKS:
            found[-1] = replace(found[-1], end=end)
            continue
        written = unicodedata.normalize("NFC", match.group()).casefold()
        plain_word = "".join(c for c in folded(written) if c.isalnum())
        if plain_word:
            found.append(Word(start, end, written, plain_word))
    return found


def plain(text: str) -> str:
    """The words of `text` in plain letters, with single spaces between them."""
    return " ".join(word.plain for word in words(text))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a word in plain letters: its inflected forms and genitives share it (byggnadsnamnd).

    Stemmed until nothing more comes off, so that kontorets, kontoret and kontor meet, and without the definite endings
    that Snowball leaves on some words (skolan, programmet).
    """
    if not word.isalpha():
        return word
    while len(word) >= _SHORTEST_STEMMED:
        shorter = str(_stemmer.stemWord(word))
        if len(shorter) > _SHORTEST_STEMMED and shorter.endswith(("an", "et")) and not shorter.endswith(_WHOLE_ENDINGS):
            shorter = shorter[:-2]
        if shorter == word:
            break
        word = shorter
    return word[:-1] if word.endswith(("mm", "nn")) else word


def key(plain_words: Iterable[str]) -> str:
    """What all inflections of a name share: the stems of its words, with single spaces between them."""
    return " ".join(stem(word) for word in plain_words)
