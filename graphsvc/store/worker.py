"""A worker process: opens a release read-only and answers one query at a time, over its standard input and output.

A request is a length (4 bytes) and JSON {query, format}; an answer is a status byte (O: answered, E: error), a length
(4 bytes) and the answer or JSON. The process that started it ends it when a query takes too long.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from graphsvc.errors import AnswerTooLarge, BadQuery
from graphsvc.formats import Format
from graphsvc.store.embedded import EmbeddedStore


def serve(store: EmbeddedStore, requests: BinaryIO, answers: BinaryIO, most_bytes: int) -> None:
    """Answer requests until there are no more."""
    while len(head := requests.read(4)) == 4:
        request = json.loads(requests.read(struct.unpack("!I", head)[0]))
        status, body = _answer(store, request["query"], Format(request["format"]), most_bytes)
        answers.write(status + struct.pack("!I", len(body)) + body)
        answers.flush()


def _answer(store: EmbeddedStore, query: str, format: Format, most_bytes: int) -> tuple[bytes, bytes]:
    try:
        return b"O", store.answer(query, format, most_bytes)
    except BadQuery as error:
        told: dict[str, object] = {"error": "query", "detail": error.detail, "line": error.line, "column": error.column}
    except AnswerTooLarge:
        told = {"error": "size"}
    except Exception as error:
        told = {"error": "evaluation", "detail": str(error)}
    return b"E", json.dumps(told).encode()


def main() -> None:
    """`python -m graphsvc.store.worker FOLDER MEMORY_BYTES ANSWER_BYTES`."""
    folder, memory, most_bytes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    store = EmbeddedStore.open(folder)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(store, sys.stdin.buffer, sys.stdout.buffer, most_bytes)


if __name__ == "__main__":
    main()
