"""What a public query may not be: one that reaches out, or one so deep that parsing it would end the process.

The engine's grammar is not tokenised: it reads `1SERVICE<x>{}` and `SERVICEex:a{}` as SERVICE too. So the word is looked for
wherever it may begin, not only between spaces; a name that holds it is let through where it cannot be the keyword. Where it
is not certain what the engine reads, a query that has the word anywhere is refused.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from graphsvc.errors import BadQuery, QueryRefused

_MOST_CHARACTERS = 200_000
_DEEPEST = 64
_ESCAPE = (
    r"\\(?:[tbnrf\\\"']|u(?![Dd][89A-Fa-f])[0-9A-Fa-f]{4}|"
    r"U000(?:0(?![Dd][89A-Fa-f])|[1-9A-Fa-f])[0-9A-Fa-f]{4}|U0010[0-9A-Fa-f]{4})"
)
STRING = (
    rf'"""(?:[^"\\]|{_ESCAPE}|"(?!""))*+"""|'
    rf"'''(?:[^'\\]|{_ESCAPE}|'(?!''))*+'''|"
    rf'"(?!"")(?:[^"\\\n\r]|{_ESCAPE})*+"|'
    rf"'(?!'')(?:[^'\\\n\r]|{_ESCAPE})*+'"
)
"""A pattern of a whole string (SPARQL 1.1 §19.8, rules [156] to [160]); of one with another escape the engine makes two."""

_OPAQUE = re.compile(
    rf"{STRING}|"
    r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>|"
    r"#[^\n\r]*|"
    r"(?P<escape>\\.)|"  # in the local part of a name, where `\'` opens no string and `\#` no comment (rule [173])
    r"(?P<unclosed>[\"'])",
    re.DOTALL,
)
_ADDRESS = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_VARIABLE_OR_LANGUAGE = re.compile(r"[?$]\w+|@[A-Za-z]+(?:-[A-Za-z0-9]+)*")
_WORD = re.compile(r"[\w:.%\\-]+")
_FORM = re.compile(r"(?<![\w:?$-])(select|ask|construct|describe)(?![\w-]*:)", re.IGNORECASE)
_VARYING = re.compile(r"(?:now|rand|uuid|bnode)\s*\(", re.IGNORECASE)
_VARYING_NAMES = ("now", "rand", "uuid", "bnode")
_TELLING = ("service", "construct", "describe", "ask", "values", *_VARYING_NAMES)
_BRACE_NEXT = re.compile(r"\s*\{")
_BRACKETS = re.compile(r"[(){}\[\]]")
_LIMIT = re.compile(r"(?<![\w:?$-])limit\s*([0-9]+)", re.IGNORECASE)
_LAST_LIMIT = re.compile(r"[\s})]limit\s+([0-9]{1,9})\s*\Z")
_VALUES = re.compile(r"(?<![\w:?$-])values(?![\w-]*:)", re.IGNORECASE)

OPEN_STRING = (
    "strängen stängs aldrig, eller har ett okänt tecken efter \\",
    "the string is never closed, or has an unknown character after \\",
)
"""What is said of one that is never closed, in Swedish and English."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query's own words say: its kind (select, ask, construct), whether its answer may differ from time to time
    though the data do not, and the same query with at most so many rows where it asked for more (None: it did not)."""

    kind: str
    varying: bool
    limited: str | None


def tokens_only(query: str) -> str:
    """`query` with strings, IRIs and comments blanked out, so that only its own words and brackets are left.

    BadQuery if a string is never closed.
    """
    return _OPAQUE.sub(_blank, query)


def unescaped(query: str) -> str:
    """`query` as engines read it that replace codepoint escapes before anything else (SPARQL 1.1 §19.2); ours does not.

    QueryRefused where one escape makes another, or no character.
    """
    plain = _CODEPOINT.sub(_character, query)
    if plain != query and _CODEPOINT.search(plain):
        raise QueryRefused(
            "Frågan har tecken (\\u…) som bildar nya. Skriv tecknen själva.",
            "The query has escapes (\\u…) that make new ones. Write the characters themselves.",
        )
    return plain


def _character(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    if number > sys.maxunicode or 0xD800 <= number < 0xE000:
        raise QueryRefused(
            f"{match[0]} är inget tecken. Ta bort det ur frågan.", f"{match[0]} is no character. Take it out of the query."
        )
    return chr(number)


def check(query: str) -> None:
    """As `read`."""
    read(query)


def read(query: str, most_rows: int | None = None) -> Reading:
    """What `query` is; QueryRefused if it uses SERVICE, is too long or is nested too deeply, BadQuery if a string is
    left open.

    Linear in the length of the query, and never parses: a parser's stack is what deep nesting would overflow.
    """
    if len(query) > _MOST_CHARACTERS:
        raise QueryRefused(
            f"Frågan är längre än {_MOST_CHARACTERS} tecken. Dela upp den.",
            f"The query is longer than {_MOST_CHARACTERS} characters. Divide it.",
        )
    if (plain := _plain(query, most_rows)) is not None:
        return plain
    words = _OPAQUE.sub(_blank, query).lower()
    if len(words) != len(query):  # a few letters have no lower case of the same length
        words = _OPAQUE.sub(_blank, query)
    brackets = _brackets(words)
    if brackets.deepest > _DEEPEST:
        raise QueryRefused(
            f"Frågan har fler än {_DEEPEST} nivåer av parenteser. Förenkla den.",
            f"The query has more than {_DEEPEST} levels of brackets. Make it simpler.",
        )
    if "service" in query.lower() and _uses_service(query, words):
        raise QueryRefused(
            "SERVICE är inte tillåtet här: tjänsten hämtar inget från andra. Ta bort det ur frågan.",
            "SERVICE is not allowed here: the service fetches nothing from others. Take it out of the query.",
        )
    kind = _kind(words)
    limited = _limited(query, words, brackets, most_rows) if kind == "select" and most_rows is not None else None
    varying = any(name in words for name in _VARYING_NAMES) and _VARYING.search(words) is not None
    return Reading(kind, varying, limited)


def _plain(query: str, most_rows: int | None) -> Reading | None:
    """What a SELECT is that holds, wherever it be, no word or number of brackets that needs a closer look; otherwise None.

    Most are so, and to see it costs a fifth of that look.
    """
    opened = query.count("(") + query.count("{") + query.count("[")
    if opened > _DEEPEST or opened != query.count(")") + query.count("}") + query.count("]"):
        return None
    lower = query.lower()
    if any(word in lower for word in _TELLING):
        return None
    if most_rows is None:
        return Reading("select", False, None)
    if "limit" not in lower:
        return Reading("select", False, f"{query}\nLIMIT {most_rows}\n")
    return Reading("select", False, None) if _ends_within(lower, most_rows) else None


def _ends_within(lower: str, most: int) -> bool:
    """Whether a query surely asks for at most `most` rows: it ends in a small LIMIT, the only one.

    It is no comment, for none begins after the line of the last brace; and no query ends inside a string or an IRI.
    """
    end = max(lower.rfind("}"), 0)
    if lower.find("limit") < end or lower.find("#", lower.rfind("\n", 0, end) + 1) >= 0:
        return False
    given = _LAST_LIMIT.search(lower, end)
    return given is not None and int(given[1]) <= most


def _blank(match: re.Match[str]) -> str:
    """As many spaces; for an escaped character what belongs to a name, as it does. An open string ends the reading."""
    if match.lastgroup == "unclosed":  # to look for its end again from every quotation mark would take quadratic time
        line, last = match.string.count("\n", 0, match.start()) + 1, match.string.rfind("\n", 0, match.start())
        raise BadQuery(OPEN_STRING[0], line, match.start() - last, english=OPEN_STRING[1])
    return "%%" if match.lastgroup == "escape" else " " * (match.end() - match.start())


def _kind(words: str) -> str:
    if "construct" not in words and "describe" not in words and "ask" not in words:
        return "select"  # what most are, found without a pattern
    match = _FORM.search(words)
    kind = match[1].lower() if match else "select"
    return "construct" if kind == "describe" else kind


@dataclass(frozen=True, slots=True)
class _Brackets:
    """How deep they go, whether they match, and where the first group at the outermost level ends (None: nowhere)."""

    deepest: int
    matching: bool
    group_end: int | None


def _brackets(words: str) -> _Brackets:
    depth = deepest = 0
    group_end = None
    for match in _BRACKETS.finditer(words):
        if match[0] in "([{":
            depth += 1
            if depth > deepest:
                deepest = depth
        else:
            depth -= 1
            if depth == 0 and group_end is None and match[0] == "}":
                group_end = match.end()
    return _Brackets(deepest, depth == 0, group_end)


def _uses_service(query: str, words: str) -> bool:
    if any(_is_comparison(match[0]) for match in _OPAQUE.finditer(query)):
        return True
    plain = _VARIABLE_OR_LANGUAGE.sub(lambda match: " " * len(match[0]), words)
    for word in _WORD.finditer(plain):
        prefix, colon, _ = word[0].partition(":")
        if "service" not in prefix.lower():
            continue  # in the local part of a name it cannot be the keyword
        if not colon or _BRACE_NEXT.match(plain, word.end()):
            return True
    return False


def _is_comparison(text: str) -> bool:
    """Whether what looks like an IRI may be none for the engine, so that the rest is read otherwise than here.

    In `FILTER(?a<?b)SERVICE#>` it compares, and a comment begins in it; in `FILTER(?a<'>')` a string.
    """
    return text[0] == "<" and ("#" in text or "'" in text) and not _ADDRESS.match(text)


def _limited(query: str, words: str, brackets: _Brackets, most: int) -> str | None:
    """The SELECT `query` with LIMIT `most` where it has none or a larger one; None where it needs no change.

    Where its brackets do not match it is left as it is, so that the parser's complaint is about the user's own text. After
    the WHERE group come the solution modifiers and VALUES (SPARQL 1.1 §19.8, rule [18]).
    """
    if not brackets.matching or brackets.group_end is None:
        return None
    given = _LIMIT.search(words, brackets.group_end)
    if given:
        digits = given[1].lstrip("0")  # int() does not take as many as may stand there
        small = len(digits) <= len(str(most)) and int(digits or 0) <= most
        return None if small else f"{query[: given.start(1)]}{most}{query[given.end(1) :]}"
    values = _VALUES.search(words, brackets.group_end)
    at = values.start() if values else len(query)
    return f"{query[:at]}\nLIMIT {most}\n{query[at:]}"
