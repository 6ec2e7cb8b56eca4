"""The addresses that a release tells of, kept beside it, so that what an earlier one had can be said to be gone."""

from __future__ import annotations

import mmap
from pathlib import Path

from graphsvc.content import Content
from graphsvc.formats import Format
from graphsvc.store.embedded import EmbeddedStore

_FILE = "addresses.txt"


def write(store: EmbeddedStore, content: Content, folder: Path) -> int:
    """Write the IRI of every thing of `store` that has a class and an address of ours, sorted; how many there are."""
    _, *lines = store.answer(content.lookup("addresses"), Format("csv")).splitlines()
    (folder / _FILE).write_bytes(b"".join(line + b"\n" for line in sorted(set(lines))))
    return len(lines)


def earlier_had(folder: Path, number: int, iri: str) -> bool:
    """Whether a release beside the one in `folder`, with a lower number than `number`, told of `iri`.

    Releases without a list of addresses say nothing. The cost is a search by halves in each list.
    """
    lists = (path / _FILE for path in folder.parent.iterdir() if path.name.isdigit() and int(path.name) < number)
    return any(_holds(path, iri.encode()) for path in lists if path.is_file() and path.stat().st_size)


def _holds(path: Path, wanted: bytes) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        low, high = 0, len(lines)
        while low < high:
            start = lines.rfind(b"\n", 0, (low + high) // 2) + 1
            end = lines.find(b"\n", start)
            line = lines[start:end]
            if line == wanted:
                return True
            low, high = (end + 1, high) if line < wanted else (low, start)
    return False
