"""The distinctive parts of long names: runs of words by which people mean the whole title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b

from graphsvc.search.ordinary import function_words

LONGEST_RUN = 5
FEWEST_WORDS = 4  # a name with fewer words is said whole
MOST_NAMES = 6  # a part of more names than this says nothing
_FEWEST_LETTERS = {1: 13, 2: 12, 3: 10, 4: 9, 5: 9}
_ALL_RUNS = 3  # a longer one must be two telling words with what holds them together between them (plan for an equal)


def runs(plain_words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places (from, to) of every run of one to five words that is long enough to be distinctive."""
    for length, fewest in _FEWEST_LETTERS.items():
        for start in range(len(plain_words) - length + 1):
            telling = [word for word in plain_words[start : start + length] if _tells(word)]
            edges = _tells(plain_words[start]) and _tells(plain_words[start + length - 1])
            shaped = edges or length == _ALL_RUNS if length <= _ALL_RUNS else edges and len(telling) == 2
            if shaped and len(telling) >= min(length, 2) and sum(map(len, telling)) >= fewest:
                yield start, start + length


def run_key(stems: Sequence[str]) -> int:
    """The number that a run is found by, from the stems of its words (64 bits, signed, as SQLite keeps integers)."""
    return int.from_bytes(blake2b(" ".join(stems).encode(), digest_size=8).digest(), "big", signed=True)


def _tells(word: str) -> bool:
    return word.isalpha() and word not in function_words()
