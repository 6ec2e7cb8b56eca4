"""Counts the rows of a serialised answer as it passes by, without parsing it: the engine writes straight to bytes."""

from __future__ import annotations

from collections.abc import Callable


def counter(format: str) -> Callable[[bytes], int]:
    """A function that is fed an answer in `format` (json, xml, csv, tsv) piece by piece and gives the rows so far."""
    feeds: dict[str, Callable[[], Callable[[bytes], int]]] = {
        "json": lambda: _Json().feed,
        "xml": lambda: _Xml().feed,
        "csv": lambda: _Csv().feed,
        "tsv": lambda: _Tsv().feed,
    }
    return feeds[format]()


def rows_of(format: str, answer: bytes) -> int:
    """The rows of a whole `answer`."""
    if format == "json" and not any(mark in answer for mark in _JSON_UNUSUAL):
        return answer.count(_JSON_BETWEEN) + (_JSON_NONE not in answer)
    return counter(format)(answer)


# Between two rows the engine writes `"}},{"`: what ends a term and a row, and begins a row. A string has this only where it
# has a quote, escaped, or is all of it; rows without a value, answers to ASK and triple terms are written otherwise.
_JSON_BETWEEN, _JSON_NONE = b'"}},{"', b'"bindings":[]'
_JSON_UNUSUAL = (b'\\"', b':"}},{"', b"{}", b'"triple"', b'"boolean"')


class _Tsv:
    """A row is a line; line breaks inside literals are escaped (SPARQL 1.1 TSV §4). The first line is the head."""

    def __init__(self) -> None:
        self._rows = -1

    def feed(self, piece: bytes) -> int:
        self._rows += piece.count(b"\n")
        return max(self._rows, 0)


class _Csv:
    """A row is a line outside quotation marks (RFC 4180 §2.6); a doubled mark leaves the parity as it is."""

    def __init__(self) -> None:
        self._rows, self._inside = -1, 0

    def feed(self, piece: bytes) -> int:
        runs = piece.split(b'"')
        self._rows += sum(run.count(b"\n") for run in runs[self._inside :: 2])
        self._inside ^= (len(runs) - 1) & 1
        return max(self._rows, 0)


class _Xml:
    """A row is a `<result>` element; in text `<` is escaped."""

    def __init__(self) -> None:
        self._rows, self._tail = 0, b""

    def feed(self, piece: bytes) -> int:
        data = self._tail + piece
        self._rows += data.count(b"<result>")
        self._tail = data[-7:]
        return self._rows


class _Json:
    """Rows are the objects of the array `bindings`: outside strings, `[{` opens the first and `},{` parts them."""

    def __init__(self) -> None:
        self._rows, self._inside, self._tail, self._escape = 0, 0, b"", b""

    def feed(self, piece: bytes) -> int:
        data = (self._escape + piece).replace(b"\\\\", b"")
        self._escape = b"\\" if data.endswith(b"\\") else b""
        runs = (data[:-1] if self._escape else data).replace(b'\\"', b"").split(b'"')
        outside = self._tail + b"".join(runs[self._inside :: 2])
        self._inside ^= (len(runs) - 1) & 1
        self._rows += outside.count(b"[{") + outside.count(b"},{")
        # what is kept must be too short to be counted twice, but a `[{` may end in it
        self._tail = outside[-2:] if outside[-2:] != b"[{" else b"{"
        return self._rows
