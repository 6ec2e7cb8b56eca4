"""The tree of errors. Each says in one sentence what is wrong, with what, and what to do.

StyrgrafError
├── BadFile               a file of the content is not what it should be (file, line, what to do)
├── UnsoundData           a build was refused: the shapes found faults
├── NoRelease             there is nothing to read yet
├── NoFullText            this Python's SQLite cannot index names
├── NamesMissed           a store gave some of the names to index, not all
├── BadInput              what the user gave cannot be used
│   ├── BadQuery          a SPARQL query that cannot be parsed
│   ├── QueryRefused      a query that reads or writes what it may not
│   ├── AnswerTooLarge    an answer larger than what is allowed
│   ├── UnknownQuestion   no named question has that name
│   ├── UnknownView       no view has that name
│   ├── NothingToShow     a view has nothing to show of that thing
│   ├── BadParameter      a parameter is missing, unknown or of the wrong form
│   ├── UnknownName       nothing in the graph has that name
│   ├── AmbiguousName     several things have that name
│   └── UnknownFormat     no such output format
├── QueryTimeout          a query took too long and was ended
├── Overloaded            too many queries wait; try again
└── RemoteFailed          the remote store did not do what it should
    ├── RemoteUnreachable no connection to it
    ├── RemoteDenied      it does not accept the user or the password
    └── RemoteGarbled     what it answered is half, or not what was asked for
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class StyrgrafError(Exception):
    """The root: every error that a user may meet."""


class BadFile(StyrgrafError):
    """A file of the content is not what it should be."""

    def __init__(self, path: Path | str, detail: str, way_out: str, line: int | None = None) -> None:
        self.path, self.detail, self.way_out, self.line = Path(path), detail, way_out, line
        place = f"{path}, rad {line}" if line else f"{path}"
        super().__init__(f"{place}: {detail} {way_out}")


class UnsoundData(StyrgrafError):
    """The shapes found faults, so no release was built."""

    def __init__(self, count: int, report: str) -> None:
        self.count, self.report = count, report
        super().__init__(f"{count} fel i data hindrar bygget. Rätta dem (graphsvc validate) och bygg igen.\n{report}")


class NoRelease(StyrgrafError):
    """There is no built release in the workspace."""


class NoFullText(StyrgrafError):
    """The SQLite of this Python lacks what the index of names needs; `version` is its version."""

    def __init__(self, version: str, detail: str) -> None:
        self.version = version
        way_out = "Använd en Python med SQLite 3.34 eller nyare, byggd med FTS5."
        super().__init__(f"SQLite {version} saknar FTS5 med trigram ({detail}). {way_out}")


class NamesMissed(StyrgrafError):
    """A store that was read a page at a time gave other things than it counts: the index of names would not be whole."""

    def __init__(self, kind: str, found: int, expected: int) -> None:
        self.kind, self.found, self.expected = kind, found, expected
        super().__init__(
            f"Lagret gav {found} av {expected} saker av slaget {kind}, så namnen kan inte indexeras. Försök igen."
        )


class BadInput(StyrgrafError):
    """What the user gave cannot be used."""


class BadQuery(BadInput):
    """A SPARQL query cannot be parsed; `line` and `column` count from 1 where they are known."""

    def __init__(self, detail: str, line: int | None = None, column: int | None = None) -> None:
        self.detail, self.line, self.column = detail, line, column
        super().__init__(f"Frågan kan inte tolkas: {detail}")


class QueryRefused(BadInput):
    """The query would read or write what it may not."""


class AnswerTooLarge(BadInput):
    """The answer is larger than what is allowed."""


class UnknownQuestion(BadInput):
    """No named question has that name."""

    def __init__(self, name: str, suggestions: Sequence[str]) -> None:
        self.name, self.suggestions = name, list(suggestions)
        hint = f" Menade du {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"Det finns ingen fråga som heter ”{name}”.{hint} Alla frågor: graphsvc questions.")


class UnknownView(BadInput):
    """No view has that name."""

    def __init__(self, name: str, suggestions: Sequence[str]) -> None:
        self.name, self.suggestions = name, list(suggestions)
        hint = f" Menade du {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"Det finns ingen vy som heter ”{name}”.{hint} Alla vyer: graphsvc views.")


class NothingToShow(BadInput):
    """The view `view` has nothing to show of `about` (a label); `reason` says what that means."""

    def __init__(self, view: str, about: str, reason: str) -> None:
        self.view, self.about, self.reason = view, about, reason
        super().__init__(f"{about}: {reason}" if about else reason)


class BadParameter(BadInput):
    """A parameter is missing, unknown or of the wrong form; `english` says so where a page in English may show it."""

    def __init__(self, parameter: str, detail: str, english: str = "") -> None:
        self.parameter, self.detail, self.english = parameter, detail, english or detail
        super().__init__(f"Parametern {parameter}: {detail}")


class UnknownName(BadInput):
    """Nothing in the graph has that name; `suggestions` are (IRI, label) of the nearest."""

    def __init__(self, parameter: str, name: str, suggestions: Sequence[tuple[str, str]]) -> None:
        self.parameter, self.name, self.suggestions = parameter, name, list(suggestions)
        hint = f" Menade du {', '.join(label for _, label in suggestions)}?" if suggestions else ""
        super().__init__(f"Inget som kan vara {parameter} heter ”{name}” i grafen.{hint}")


class AmbiguousName(BadInput):
    """Several things have that name; `candidates` are their (IRI, label)."""

    def __init__(self, parameter: str, name: str, candidates: Sequence[tuple[str, str]]) -> None:
        self.parameter, self.name, self.candidates = parameter, name, list(candidates)
        choices = "; ".join(f"{label} <{iri}>" for iri, label in candidates)
        super().__init__(f"”{name}” ({parameter}) kan betyda flera saker. Ange en av: {choices}.")


class UnknownFormat(BadInput):
    """No such output format."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, list(known)
        super().__init__(f"Formatet ”{name}” finns inte här. Välj bland {', '.join(known)}.")


class QueryTimeout(StyrgrafError):
    """A query took longer than its limit (seconds) and was ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"Frågan tog längre än {seconds:g} sekunder och avbröts. Begränsa den och försök igen.")


class Overloaded(StyrgrafError):
    """Too many queries wait for a worker."""


class RemoteFailed(StyrgrafError):
    """The remote store did not do what it should; `address` is where it is, without its query string."""

    def __init__(self, address: str, detail: str) -> None:
        self.address, self.detail = address, detail
        super().__init__(f"Fjärrlagret {address}: {detail}")


class RemoteUnreachable(RemoteFailed):
    """There is no connection to the remote store."""


class RemoteDenied(RemoteFailed):
    """The remote store does not accept the user or the password."""


class RemoteGarbled(RemoteFailed):
    """What the remote store answered is half, or not what was asked for."""
