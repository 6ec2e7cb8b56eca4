"""Reads just enough of a query's text to send it elsewhere: its form, what it declares, and which data it names."""

from __future__ import annotations

import re

from graphsvc.errors import BadQuery, QueryRefused
from graphsvc.namespaces import PREFIXES
from graphsvc.store.guard import STRING, tokens_only

_FORM = re.compile(r"(?:\s|base\b|prefix\s+[^\s:]*:)*+(select|ask|construct|describe)(?![\w:-])", re.IGNORECASE)
_WORD = r"(?<![\w:?$@.%\\-]){}(?![\w:%-])"
_DATASET = re.compile(_WORD.format("(from|graph)"), re.IGNORECASE)
_DECLARED = re.compile(r"prefix\s+([^\s:]*):", re.IGNORECASE)
_USED = re.compile(r"(?<![\w:?$@.%\\-])([\w-]+):")
_EXTENSION = re.compile(r"(?<![\w:?$@.%\\-])(bif|sql):|<(bif|sql):", re.IGNORECASE)
_OPEN = re.compile(r"\bvalues\s+\?\w+\s*\{\s*undef\s*\}", re.IGNORECASE)
_EVERYTHING = re.compile(r"\bselect\s+(?:distinct\s+|reduced\s+)?\*", re.IGNORECASE)
_STRING_OR_COMMENT = re.compile(rf"{STRING}|<[^<>\"{{}}|^`\\\x00-\x20]*+>|#[^\n\r]*|\\.", re.DOTALL)


def form(query: str) -> str:
    """`select`, `ask`, `construct` or `describe`: the first word after the prologue (SPARQL 1.1 §19.8, rule [2]).

    BadQuery if it is another: some engines take updates and commands of their own where a query is expected.
    """
    match = _FORM.match(tokens_only(query))
    if match is None:
        raise BadQuery(
            "en fråga börjar, efter PREFIX och BASE, med SELECT, ASK, CONSTRUCT eller DESCRIBE",
            english="a query begins, after PREFIX and BASE, with SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    return match[1].lower()


def check(query: str) -> None:
    """QueryRefused if `query` reads other data than the release, or calls an engine's own functions."""
    match = _DATASET.search(tokens_only(query))
    if match:
        word = match[1].upper()
        raise QueryRefused(
            f"{word} kan inte användas här: lagret har bara den sammanslagna grafen. Ta bort {word}.",
            f"{word} cannot be used here: the store has only the merged graph. Take {word} away.",
        )
    if _EXTENSION.search(query):
        raise QueryRefused(
            "Lagrets egna funktioner (bif:, sql:) är inte tillåtna här. Ta bort dem ur frågan.",
            "The store’s own functions (bif:, sql:) are not allowed here. Take them out of the query.",
        )


def declared(query: str) -> str:
    """`query` with those of the dataset's prefixes declared that it uses undeclared; no line gets another number."""
    words = tokens_only(query)
    missing = {*_USED.findall(words)} - {*_DECLARED.findall(words)}
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in sorted(missing & PREFIXES.keys())) + query


def without_open_parameters(query: str) -> str:
    """`query` without its blocks `VALUES ?name { UNDEF }`, which say nothing (SPARQL 1.1 §10.2: they join with everything).

    Virtuoso forgets the patterns around them in a MINUS or NOT EXISTS, and refuses some such queries.
    """
    plain = _blanked(query)
    if _EVERYTHING.search(plain):  # there the name would be a column
        return query
    kept, done = [], 0
    for match in _OPEN.finditer(plain):
        kept.append(query[done : match.start()])
        done = match.end()
    return "".join(kept) + query[done:]


def counting(construct: str, counter: str) -> str:
    """A query for the number of solutions that the CONSTRUCT query `construct` is built from.

    `counter` is a query that counts the solutions of the group `{ ?s ?p ?o }`.
    """
    plain = _blanked(construct)
    start = re.search(_WORD.format("construct"), plain, re.IGNORECASE)
    assert start is not None, "the form was found before"
    at = start.end() + len(plain[start.end() :]) - len(plain[start.end() :].lstrip())
    rest = _after_group(plain, at) if plain[at] == "{" else at
    group = re.sub(r"(?i)^\s*where\b", "", construct[rest:])
    return construct[: start.start()] + re.sub(r"\{ \?s \?p \?o \}", lambda _: group, counter)


def _blanked(query: str) -> str:
    """`query` with strings and IRIs made opaque and comments blanked out, each place as before."""
    return _STRING_OR_COMMENT.sub(lambda match: (" " if match[0][0] == "#" else "¤") * len(match[0]), query)


def _after_group(plain: str, start: int) -> int:
    depth = 0
    for position in range(start, len(plain)):
        depth += {"{": 1, "}": -1}.get(plain[position], 0)
        if depth == 0:
            return position + 1
    raise BadQuery("en klammer stängs aldrig", english="a brace is never closed")
