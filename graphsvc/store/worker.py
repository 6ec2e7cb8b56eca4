"""A worker process: opens a release read-only and answers one query at a time, over a socket.

A request is a length (4 bytes) and a PublicQuery. What comes back is frames, each a letter, a length (4 bytes) and so many
bytes: R ready (JSON, once), P a part of an answer, L its last part after a head of 5 bytes (rows, cut), E an error (JSON).
The process that started it ends it when a query takes too long.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

from graphsvc.errors import AnswerTooLarge, BadQuery, QueryRefused
from graphsvc.store import isolation
from graphsvc.store.counting import counter
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.public_query import PublicQuery

_PART = 64 << 10
_KEPT = 64
_ROWS = ("json", "xml", "csv", "tsv")


class AnswerWriter:
    """What the engine writes to: sends parts as they fill, counts the rows, and refuses to grow past `most_bytes`."""

    def __init__(self, out: socket.socket, format: str, most_bytes: int) -> None:
        self._out, self._most, self._format = out, most_bytes, format
        self._buffer, self._sent = bytearray(), 0
        self._count = counter(format) if format in _ROWS else None
        self.rows = 0

    def write(self, data: Any, /) -> int:
        """Take `data`; AnswerTooLarge past the limit."""
        piece = bytes(data)
        self._buffer += piece
        if self._sent + len(self._buffer) > self._most:
            raise AnswerTooLarge(f"Svaret är större än {self._most} byte.")
        if self._count:
            self.rows = self._count(piece)
        if len(self._buffer) >= _PART + _KEPT:
            part = bytes(self._buffer[:-_KEPT])  # the end is kept: a note may have to go into it
            del self._buffer[:-_KEPT]
            self._out.sendall(_frame(b"P", part))
            self._sent += len(part)
        return len(piece)

    def flush(self) -> None:
        """Nothing: parts are sent as they fill."""

    def finish(self, cut: bool) -> None:
        """Send the last part, with a note in it where the format has a place for one and rows were `cut`."""
        end = _noted(bytes(self._buffer), self._format, self.rows) if cut else bytes(self._buffer)
        self._out.sendall(_frame(b"L", struct.pack("!I?", self.rows, cut) + end))


def _noted(end: bytes, format: str, rows: int) -> bytes:
    note = f"cut: only the first {rows} are given; there may be more".encode()
    if format == "json":
        return end.rstrip()[:-1] + b',"cut":{"rows":' + str(rows).encode() + b',"note":"' + note + b'"}}'
    if format in ("xml", "rdf"):
        return end + b"<!-- " + note + b" -->"
    return end + b"# " + note + b"\n" if format in ("ttl", "nt", "nq", "trig") else end


def serve(store: EmbeddedStore, requests: BinaryIO, out: socket.socket, most_bytes: int, most_rows: int) -> None:
    """Answer requests until there are no more."""
    while len(head := requests.read(4)) == 4:
        query = PublicQuery.from_bytes(requests.read(struct.unpack("!I", head)[0]))
        error = _answer(store, query, out, most_bytes, most_rows)
        if error:
            out.sendall(_frame(b"E", json.dumps(error).encode()))


def _answer(
    store: EmbeddedStore, query: PublicQuery, out: socket.socket, most_bytes: int, most_rows: int
) -> dict[str, object] | None:
    writer = AnswerWriter(out, query.format.name, most_bytes)
    try:
        triples = store.write_answer(query, writer, most_rows)  # type: ignore[arg-type]
        if triples:
            writer.rows = triples[0]
        writer.finish(triples[1] if triples else query.limited is not None and writer.rows >= most_rows)
    except BadQuery as error:
        return {"error": "query", "detail": error.detail, "line": error.line, "column": error.column}
    except AnswerTooLarge as error:
        return {"error": "size", "detail": str(error)}
    except QueryRefused as error:
        return {"error": "refused", "detail": str(error)}
    except Exception as error:
        return {"error": "evaluation", "detail": str(error)}
    return None


def _frame(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body)) + body


def main() -> None:
    """`python -m graphsvc.store.worker SOCKET FOLDER MEMORY_BYTES ANSWER_BYTES ANSWER_ROWS`."""
    number, folder, memory, most_bytes, most_rows = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started it, which ends it in good order
    isolation.end_with_parent()
    network = isolation.leave_network()
    store = EmbeddedStore.open(Path(folder))
    isolation.bound_memory(int(memory))
    with socket.socket(fileno=int(number)) as out:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stderr.fileno())  # what the engine says when its memory is out helps nobody
        out.sendall(_frame(b"R", json.dumps({"network": network}).encode()))
        serve(store, out.makefile("rb"), out, int(most_bytes), int(most_rows))


if __name__ == "__main__":
    main()
