"""What a public query may not be: one that reaches out, or one so deep that parsing it would end the process."""

from __future__ import annotations

import re

from graphsvc.errors import QueryRefused

_MOST_CHARACTERS = 200_000
_DEEPEST = 64
_OPAQUE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|'
    r"'''(?:[^'\\]|\\.|'(?!''))*'''|"
    r'"(?:[^"\\\n\r]|\\.)*"|'
    r"'(?:[^'\\\n\r]|\\.)*'|"
    r"<[^<>\"{}|^`\\\x00-\x20]*>|"
    r"#[^\n\r]*",
    re.DOTALL,
)
_SERVICE = re.compile(r"(?<![\w:?$@.%\\-])service(?![\w:%-])", re.IGNORECASE)


def tokens_only(query: str) -> str:
    """`query` with strings, IRIs and comments blanked out, so that only its own words and brackets are left."""
    return _OPAQUE.sub(" ", query)


def check(query: str) -> None:
    """QueryRefused if `query` uses SERVICE (SPARQL 1.1 Federated Query), is too long or is nested too deeply."""
    if len(query) > _MOST_CHARACTERS:
        raise QueryRefused(f"Frågan är längre än {_MOST_CHARACTERS} tecken. Dela upp den.")
    words = tokens_only(query)
    if _SERVICE.search(words):
        raise QueryRefused("SERVICE är inte tillåtet här: tjänsten hämtar inget från andra. Ta bort det ur frågan.")
    if _depth(words) > _DEEPEST:
        raise QueryRefused(f"Frågan har fler än {_DEEPEST} nivåer av parenteser. Förenkla den.")


def _depth(words: str) -> int:
    depth = deepest = 0
    for char in words:
        if char in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in ")]}":
            depth -= 1
    return deepest
