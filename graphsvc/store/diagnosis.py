"""Finds the word that a query cannot be parsed for: the parser's own position is where it gave up, often far behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graphsvc.errors import BadQuery
from graphsvc.namespaces import PREFIXES
from graphsvc.store.guard import OPEN_STRING, STRING

_TOKEN = re.compile(
    rf"(?P<string>{STRING})"
    r"|(?P<iri><[^<>\"{}|^`\x00-\x20]*+>)"
    r"|(?P<comment>#[^\n\r]*)"
    r"|(?P<variable>[?$]\w+)"
    r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?<![\w-])(?P<name>[\w-]*:(?:(?:[\w:%.-]|\\.)*(?:[\w:%-]|\\.))?)"
    r"|(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z_][\w-]*)"
    r"|(?P<open>[({\[])|(?P<close>[)}\]])"
    r"|(?P<quote>[\"'])"
    r"|(?P<other>\S)",
    re.DOTALL,
)
_MOST_CHARACTERS = 50_000
_PAIRS = {")": "(", "}": "{", "]": "["}
_WORDS = frozenset(
    """a true false base prefix select distinct reduced as construct where describe ask from named limit offset order by asc
    desc group having values undef graph optional union minus filter bind service silent exists not in separator lateral
    count sum min max avg sample group_concat str lang langmatches langdir haslang haslangdir strlangdir datatype bound iri
    uri bnode rand abs ceil floor round concat strlen ucase lcase encode_for_uri contains strstarts strends strbefore
    strafter year month day hours minutes seconds timezone tz now uuid struuid md5 sha1 sha256 sha384 sha512 coalesce if
    strlang strdt sameterm isiri isuri isblank isliteral isnumeric regex substr replace triple subject predicate object
    istriple adjust""".split()  # noqa: SIM905 (a list of words is read more easily so)
)
Texts = tuple[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a query in Swedish and English, the line and column (from 1) and the token that it is about."""

    detail: str
    english: str
    line: int
    column: int
    token: str

    def told(self, language: str) -> str:
        """What is wrong, in `language` (sv or en)."""
        return self.english if language == "en" else self.detail


def diagnose(query: str, error: BadQuery) -> Fault:
    """The most likely fault of a `query` that was refused with `error`; of a very long one, what the error says itself."""
    if len(query) > _MOST_CHARACTERS:  # a tenth of a second, in which nobody else is answered
        return Fault(error.detail, error.english, error.line or 1, error.column or 1, "")
    (detail, english), offset, token = _found(query) or _engine(query, error)
    before = query[:offset]
    lines = re.split(r"\r\n|\n|\r", before)
    return Fault(detail, english, len(lines), len(lines[-1]) + 1, token[:100])


def _found(query: str) -> tuple[Texts, int, str] | None:
    """The first fault that needs no grammar to be seen: an unknown word or prefix, an open string or bracket."""
    opened: list[re.Match[str]] = []
    declared = {*PREFIXES, "_", *re.findall(r"(?i)\bprefix\s+([\w-]*):", query)}
    for token in _TOKEN.finditer(query):
        kind, text = token.lastgroup, token[0]
        if kind == "word" and text.lower() not in _WORDS:
            return (f"”{text}” är inget ord i SPARQL", f"“{text}” is no word of SPARQL"), token.start(), text
        if kind == "name" and text.partition(":")[0] not in declared:
            prefix = text.partition(":")[0]
            return (f"prefixet {prefix}: är inte deklarerat", f"the prefix {prefix}: is not declared"), token.start(), text
        if kind == "quote":
            return OPEN_STRING, token.start(), query[token.start() :].splitlines()[0]
        if kind == "open":
            opened.append(token)
        elif kind == "close":
            if not opened or opened[-1][0] != _PAIRS[text]:
                return (f"{text} stänger inget", f"{text} closes nothing"), token.start(), text
            opened.pop()
    if not opened:
        return None
    last = opened[-1][0]
    return (f"{last} stängs aldrig", f"{last} is never closed"), opened[-1].start(), last


def _engine(query: str, error: BadQuery) -> tuple[Texts, int, str]:
    """The parser's own complaint, at the token where it gave up, or the last one where it gave up at the end."""
    offset = _offset(query, error.line or 1, error.column or 1)
    tokens = [token for token in _tokens(query) if token.end() > offset] or list(_tokens(query))[-1:]
    said = error.detail, error.english
    return (said, tokens[0].start(), tokens[0][0]) if tokens else (said, 0, "")


def _tokens(query: str) -> Iterator[re.Match[str]]:
    return (token for token in _TOKEN.finditer(query) if token.lastgroup != "comment")


def _offset(query: str, line: int, column: int) -> int:
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", query))]
    return starts[min(line, len(starts)) - 1] + column - 1
