"""Words: how a sentence is cut into them, and how a word is brought to the form that it is compared by."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

LANGUAGES = ("sv", "en")
_WORD = re.compile(r"[^\W_]+(?:[-/:'’.][^\W_]+)*")
_ENDING = re.compile(r"(?::(?:s|ns|n|en|ar|er|arna|erna)|['’]s)$")
_STEMMERS = {"sv": snowballstemmer.stemmer("swedish"), "en": snowballstemmer.stemmer("english")}


@dataclass(frozen=True)
class Token:
    """A word of a sentence: its letters as written, folded, and where it stands (character offsets)."""

    text: str
    folded: str
    start: int
    end: int

    @property
    def looks_like_name(self) -> bool:
        """Whether it is written as a name: with a capital letter."""
        return self.text[:1].isupper()


def tokens(sentence: str) -> list[Token]:
    """The words of `sentence` in order; a genitive after a colon or an apostrophe is left out of the folded form."""
    found = []
    for match in _WORD.finditer(sentence):
        folded = _ENDING.sub("", match.group().casefold())
        found.append(Token(match.group(), folded, match.start(), match.end()))
    return found


@lru_cache(maxsize=1 << 15)
def plain(word: str) -> str:
    """`word` without diacritics, as a foreign keyboard gives it: å and ä as a, ö as o."""
    decomposed = unicodedata.normalize("NFD", word.replace("ø", "o").replace("æ", "a"))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=1 << 15)
def stem(word: str, language: str) -> str:
    """The plain stem of a folded `word` in `language`."""
    return plain(str(_STEMMERS[language].stemWord(plain(word) if language == "en" else word)))


@lru_cache(maxsize=1 << 15)
def keys(word: str, language: str) -> tuple[str, ...]:
    """The forms that a folded `word` may be compared by, most exact first: itself, its stem, the stem of its plain form."""
    forms = (plain(word), stem(word, language), plain(str(_STEMMERS[language].stemWord(plain(word)))))
    return tuple(dict.fromkeys(forms))
