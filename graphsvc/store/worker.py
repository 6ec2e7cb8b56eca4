"""A worker process: opens a release read-only and answers one query at a time, over a socket.

A request is a length (4 bytes) and a PublicQuery. What comes back is frames, each a letter, a length (4 bytes) and so many
bytes: R ready (JSON, once), P a part of an answer, L its last part after a head of 5 bytes (rows, cut), E an error (JSON).
Its owner (`worker_process`) ends it when a query takes too long; `main` is the process that workers are forked from.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from graphsvc.errors import AnswerTooLarge, BadQuery, QueryRefused
from graphsvc.formats import RESULTS
from graphsvc.store import isolation
from graphsvc.store.counting import counter, rows_of
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.public_query import PublicQuery

_PART = 64 << 10
_KEPT = 64
ORDER = struct.Struct("!cI")
START, BURY = b"S", b"B"
_HEAD, _LAST_HEAD = struct.Struct("!cI"), struct.Struct("!I?")


class AnswerWriter:
    """What the engine writes to: sends parts as they fill, counts the rows, and refuses to grow past `most_bytes`."""

    def __init__(self, out: socket.socket, format: str, most_bytes: int) -> None:
        self._out, self._most, self._format = out, most_bytes, format
        self._buffer, self._sent = bytearray(), 0
        self._count: Callable[[bytes], int] | None = None

    def write(self, data: bytes, /) -> int:
        """Take `data`; AnswerTooLarge past the limit."""
        self._buffer += data
        if self._sent + len(self._buffer) > self._most:
            raise AnswerTooLarge(f"Svaret är större än {self._most} byte.", f"The answer is larger than {self._most} bytes.")
        if len(self._buffer) >= _PART + _KEPT:
            part = bytes(self._buffer[:-_KEPT])  # the end is kept: a note may have to go into it
            del self._buffer[:-_KEPT]
            self._counted(part)
            self._out.sendall(_frame(b"P", part))
            self._sent += len(part)
        return len(data)

    def flush(self) -> None:
        """Nothing: parts are sent as they fill."""

    def finish(self, triples: tuple[int, bool] | None, most_rows: int | None) -> None:
        """Send the last part, with a note in it where the format has a place for one and the answer was cut.

        Of triples it is said how many there are and whether there were more; rows are cut where there are `most_rows`.
        """
        end = bytes(self._buffer)
        if triples is not None:
            rows, cut = triples
        else:
            rows = self._counted(end) if self._sent else rows_of(self._format, end)
            cut = most_rows is not None and rows >= most_rows
        if cut:
            end = _noted(end, self._format, rows)
        self._out.sendall(b"".join((_HEAD.pack(b"L", _LAST_HEAD.size + len(end)), _LAST_HEAD.pack(rows, cut), end)))

    def _counted(self, part: bytes) -> int:
        if self._count is None:
            self._count = counter(self._format) if self._format in RESULTS else len
        return self._count(part)


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
        query = PublicQuery.from_bytes(requests.read(int.from_bytes(head)))
        error = _answer(store, query, out, most_bytes, most_rows)
        if error:
            out.sendall(_frame(b"E", json.dumps(error).encode()))


def _answer(
    store: EmbeddedStore, query: PublicQuery, out: socket.socket, most_bytes: int, most_rows: int
) -> dict[str, object] | None:
    writer = AnswerWriter(out, query.format.name, most_bytes)
    try:
        triples = store.write_answer(query, writer, most_rows)  # type: ignore[arg-type]
        writer.finish(triples, None if query.limited is None else most_rows)
    except BadQuery as error:
        return {"error": "query", "detail": error.detail, "line": error.line, "column": error.column}
    except AnswerTooLarge as error:
        return {"error": "size", "sv": error.told("sv"), "en": error.told("en")}
    except QueryRefused as error:
        return {"error": "refused", "sv": error.told("sv"), "en": error.told("en")}
    except Exception as error:
        return {"error": "evaluation", "detail": str(error)}
    return None


def _frame(kind: bytes, body: bytes) -> bytes:
    return _HEAD.pack(kind, len(body)) + body


def main() -> None:
    """`python -m graphsvc.store.worker ORDERS FOLDER MEMORY_BYTES ANSWER_BYTES ANSWER_ROWS`: start workers as ordered.

    This process opens no store: one that has may not be forked.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started it, which ends it in good order
    isolation.end_with_parent()
    isolation.work_in_batches()
    number, *arguments = sys.argv[1:]
    with socket.socket(fileno=int(number)) as orders:
        while True:
            message, sockets, _, _ = socket.recv_fds(orders, ORDER.size, 1)
            if len(message) < ORDER.size:
                return
            order, pid = ORDER.unpack(message)
            if order == BURY:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                continue
            pid = os.fork()
            if pid == 0:
                orders.close()
                _work(sockets[0], *arguments)
            os.close(sockets[0])
            orders.sendall(pid.to_bytes(4))


def _work(number: int, folder: str, memory: str, most_bytes: str, most_rows: str) -> NoReturn:
    """Be a worker that is asked over the socket of that number, until there are no more requests."""
    try:
        isolation.end_with_parent()
        isolation.end_first()
        network = isolation.leave_network()
        store = EmbeddedStore.open(Path(folder))
        isolation.bound_memory(int(memory))
        with socket.socket(fileno=number) as out:
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), sys.stderr.fileno())  # what the engine says when its memory is out helps nobody
            out.sendall(_frame(b"R", json.dumps({"network": network}).encode()))
            serve(store, cast(BinaryIO, out.makefile("rb", _PART)), out, int(most_bytes), int(most_rows))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
