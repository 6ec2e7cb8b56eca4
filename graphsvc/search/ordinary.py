"""Ordinary words: those that hold sentences together, and so are never taken for a name or for a misspelt one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from graphsvc.search.folding import words

_SEVERAL = 3


@cache
def function_words() -> frozenset[str]:
    """The words of ordinary.txt, in plain letters."""
    lines = files("graphsvc.search").joinpath("ordinary.txt").read_text("utf-8").splitlines()
    return plain_words(line for line in lines if not line.startswith("#"))


def common_words(phrasings: Iterable[Iterable[str]]) -> frozenset[str]:
    """The words, in plain letters, that stand in the phrasings of several questions: people ask with them of anything."""
    counted = Counter(word for texts in phrasings for word in plain_words(texts))
    return frozenset(word for word, questions in counted.items() if questions >= _SEVERAL)


def plain_words(texts: Iterable[str]) -> frozenset[str]:
    """The different words of some texts, in plain letters."""
    return frozenset(word.plain for text in texts for word in words(text))
