"""What the public asks of a store, and how the answer comes back: in parts, each engine behind the same two types."""

from __future__ import annotations

import json
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from graphsvc.formats import DATASETS, GRAPHS, RESULTS, Format
from graphsvc.store.counting import rows_of

_HEAD = struct.Struct("!BIi")
_FORMATS = RESULTS + GRAPHS + DATASETS
_NUMBERS = {name: number for number, name in enumerate(_FORMATS)}


@dataclass(frozen=True, slots=True)
class RdfDataset:
    """The RDF dataset that a request names (SPARQL 1.1 Protocol §2.1.4), by IRI; it replaces that of the query."""

    default: tuple[str, ...]
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicQuery:
    """A query as it came, the format of its answer, the dataset it is for (None: its own, or the release's), and the
    same query with a bounded number of rows (None: it needs none)."""

    text: str
    format: Format
    dataset: RdfDataset | None = None
    limited: str | None = None

    def to_bytes(self) -> bytes:
        """This query as a worker process reads it: format, lengths, both texts, and the dataset as JSON."""
        text = self.text.encode("utf-8", "surrogatepass")
        limited = b"" if self.limited is None else self.limited.encode("utf-8", "surrogatepass")
        head = _HEAD.pack(_NUMBERS[self.format.name], len(text), -1 if self.limited is None else len(limited))
        dataset = json.dumps([self.dataset.default, self.dataset.named]).encode() if self.dataset else b""
        return b"".join((head, text, limited, dataset))

    @classmethod
    def from_bytes(cls, data: bytes) -> PublicQuery:
        """The query that `to_bytes` wrote."""
        number, length, limited_length = _HEAD.unpack_from(data)
        first = _HEAD.size + length
        second = first + max(limited_length, 0)
        text = str(data[_HEAD.size : first], "utf-8", "surrogatepass")
        limited = str(data[first:second], "utf-8", "surrogatepass") if limited_length >= 0 else None
        dataset = RdfDataset(*map(tuple, json.loads(data[second:]))) if len(data) > second else None
        return cls(text, Format(_FORMATS[number]), dataset, limited)


class PublicAnswer(Protocol):
    """The answer to a public query: its first part, and whether that is all of it.

    Once it is `complete`, `rows` says how many rows or triples it holds and `cut` whether it was cut at the limit of rows.
    """

    first: bytes
    complete: bool
    rows: int
    cut: bool

    def parts(self) -> AsyncIterator[bytes]:
        """The parts after the first; raises what `ask` raises where the rest cannot come."""
        ...

    def close(self) -> None:
        """End the work, if it goes on."""
        ...


class WholeAnswer:
    """An answer that is all there already."""

    def __init__(self, body: bytes, format: Format) -> None:
        self.first, self.complete, self.cut = body, True, False
        self.rows = rows_of(format.name, body) if format.name in RESULTS else 0

    async def parts(self) -> AsyncIterator[bytes]:
        """None: the first part is all."""
        parts: tuple[bytes, ...] = ()
        for part in parts:
            yield part

    def close(self) -> None:
        """Nothing goes on."""


class Answering(Protocol):
    """Who answers public queries."""

    async def ask(self, query: PublicQuery, client: str = "") -> PublicAnswer:
        """Start to answer `query` for `client`, who shares what there is fairly with other clients.

        BadQuery, QueryRefused, QueryTimeout, AnswerTooLarge, or Overloaded if too many queries wait already.
        """
        ...

    def state(self) -> dict[str, object]:
        """What operators want to know: how many work and wait, and which walls stand."""
        ...
