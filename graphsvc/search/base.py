"""The index's file, open for reading: one connection a thread, and rows as names and as the things that have them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

_FOUND = "SELECT naming.text, name.plain, naming.role, thing.iri, sv, en, kind, document, thing.weight"
_FROM = "JOIN naming ON naming.name = name.id JOIN thing ON thing.id = naming.thing"


@dataclass(frozen=True, slots=True)
class Name:
    """A name, whosever it is: its number, its words in plain letters, and the weight of the most used thing that has it."""

    number: int
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Found:
    """A thing by one of its names: the name, its words and role; the thing's labels (sv, en), kind, document and weight."""

    text: str
    words: tuple[str, ...]
    role: str
    iri: str
    labels: tuple[str, str]
    kind: int
    document: str | None
    weight: float


class Base:
    """The file at `path`, which is never written to."""

    def __init__(self, path: Path) -> None:
        self._address = f"file:{quote(str(path))}?mode=ro&immutable=1"
        self._own = threading.local()
        self.size: int = self.rows("SELECT count(*) FROM name")[0][0]

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query finds."""
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = sqlite3.connect(self._address, uri=True, cached_statements=200)
            connection.execute("PRAGMA mmap_size = 1073741824")
        return connection.execute(sql, tuple(values)).fetchall()

    @cached_property
    def classes(self) -> list[tuple[int, str, str | None, str | None, int]]:
        """The number, IRI, Swedish and English label of each class, and how many names things of it have."""
        return self.rows("SELECT id, iri, sv, en, names FROM class ORDER BY id")

    def numbers(self, kinds: Collection[str]) -> list[int]:
        """The numbers of those classes, by IRI, that anything is of."""
        return [number for number, iri, *_ in self.classes if iri in kinds]

    def called(self, key: str, of: list[int], most: int) -> list[Found]:
        """The things of those classes (of any where there are none) with a name of this key, the most used first."""
        return self._found("name", "key = ?", key, of, most)

    def having(self, name: int, of: list[int], most: int) -> list[Found]:
        """The things of those classes with the name of this number, the most used first."""
        return self._found("name", "name.id = ?", name, of, most)

    def with_part(self, key: int, of: list[int], most: int) -> list[Found]:
        """The things of those classes with a long name that has a distinctive run of this key, the most used first."""
        return self._found("part JOIN name ON name.id = part.name", "part.key = ?", key, of, most)

    def holding(self, expression: str, most: int, last: int) -> list[Name]:
        """The names up to the number `last` that a full-text expression finds, those of the most used things first."""
        sql = (
            "SELECT id, plain, weight FROM name JOIN "
            "(SELECT rowid FROM found WHERE found MATCH ? AND rowid <= ? ORDER BY rowid LIMIT ?) AS hit "
            "ON hit.rowid = name.id"
        )
        return [Name(id, tuple(words.split()), weight) for id, words, weight in self.rows(sql, (expression, last, most))]

    def _found(self, source: str, condition: str, value: str | int, of: list[int], most: int) -> list[Found]:
        among = f" AND ({' OR '.join(['classes LIKE ?'] * len(of))})" if of else ""
        sql = f"{_FOUND} FROM {source} {_FROM} WHERE {condition}{among} ORDER BY thing.id LIMIT ?"
        return [
            Found(text, tuple(words.split()), role, iri, (sv, en), kind, document, weight)
            for text, words, role, iri, sv, en, kind, document, weight in self.rows(
                sql, (value, *(f"% {number} %" for number in of), most)
            )
        ]
