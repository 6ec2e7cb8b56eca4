"""The tree of errors. Each says in one sentence what is wrong, with what, and what to do: in Swedish and, where others
than those who run the service meet it, in English.

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
    """The root: every error that a user may meet. Its text is the Swedish; the English is the same where none is given."""

    def __init__(self, swedish: str = "", english: str = "") -> None:
        super().__init__(swedish)
        self._english = english or swedish

    def told(self, language: str) -> str:
        """What is wrong, in `language` (sv or en)."""
        return self._english if language == "en" else str(self)


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

    def __init__(self, swedish: str, english: str) -> None:
        super().__init__(swedish, english)


class BadQuery(BadInput):
    """A SPARQL query cannot be parsed; `line` and `column` count from 1 where they are known.

    `detail` and `english` say why; a parser's own words are English in both.
    """

    def __init__(self, detail: str, line: int | None = None, column: int | None = None, *, english: str = "") -> None:
        self.detail, self.english, self.line, self.column = detail, english or detail, line, column
        super().__init__(f"Frågan kan inte tolkas: {detail}", f"The query cannot be parsed: {self.english}")


class QueryRefused(BadInput):
    """The query would read or write what it may not."""


class AnswerTooLarge(BadInput):
    """The answer is larger than what is allowed."""


class UnknownQuestion(BadInput):
    """No named question has that name."""

    def __init__(self, name: str, suggestions: Sequence[str]) -> None:
        self.name, self.suggestions = name, list(suggestions)
        near = ", ".join(suggestions)
        super().__init__(
            f"Det finns ingen fråga som heter ”{name}”.{_hint(near, 'sv')} Alla frågor: graphsvc questions eller /fragor.",
            f"No question is called “{name}”.{_hint(near, 'en')} All questions: graphsvc questions or /fragor.",
        )


class UnknownView(BadInput):
    """No view has that name."""

    def __init__(self, name: str, suggestions: Sequence[str]) -> None:
        self.name, self.suggestions = name, list(suggestions)
        near = ", ".join(suggestions)
        super().__init__(
            f"Det finns ingen vy som heter ”{name}”.{_hint(near, 'sv')} Alla vyer: graphsvc views eller /bilder.",
            f"No view is called “{name}”.{_hint(near, 'en')} All views: graphsvc views or /bilder.",
        )


class NothingToShow(BadInput):
    """The view `view` has nothing to show of `about` (a label); `reason` says what that means, in the picture's language."""

    def __init__(self, view: str, about: str, reason: str) -> None:
        self.view, self.about, self.reason = view, about, reason
        told = f"{about}: {reason}" if about else reason
        super().__init__(told, told)


class BadParameter(BadInput):
    """A parameter is missing, unknown or of the wrong form; `details` says how by language, without its name."""

    def __init__(self, parameter: str, swedish: str, english: str) -> None:
        self.parameter, self.details = parameter, {"sv": swedish, "en": english}
        super().__init__(f"Parametern {parameter}: {swedish}", f"The parameter {parameter}: {english}")


class UnknownName(BadInput):
    """Nothing that can be the parameter (if one is named) has that name; `suggestions` are (IRI, label) of the nearest."""

    def __init__(self, parameter: str, name: str, suggestions: Sequence[tuple[str, str]]) -> None:
        self.parameter, self.name, self.suggestions = parameter, name, list(suggestions)
        near = ", ".join(label for _, label in suggestions)
        what = (f"Inget som kan vara {parameter}", f"Nothing that can be {parameter}") if parameter else ("Inget", "Nothing")
        super().__init__(
            f"{what[0]} heter ”{name}” i grafen.{_hint(near, 'sv')}",
            f"{what[1]} is called “{name}” in the graph.{_hint(near, 'en')}",
        )


class AmbiguousName(BadInput):
    """Several things have that name; `candidates` are their (IRI, label)."""

    def __init__(self, parameter: str, name: str, candidates: Sequence[tuple[str, str]]) -> None:
        self.parameter, self.name, self.candidates = parameter, name, list(candidates)
        choices = "; ".join(f"{label} <{iri}>" for iri, label in candidates)
        super().__init__(
            f"”{name}” ({parameter}) kan betyda flera saker. Ange en av: {choices}.",
            f"“{name}” ({parameter}) can mean several things. Give one of: {choices}.",
        )


class UnknownFormat(BadInput):
    """No such output format."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name, self.known = name, list(known)
        choices = ", ".join(known)
        super().__init__(
            f"Formatet ”{name}” finns inte här. Välj bland {choices}.",
            f"There is no format “{name}” here. Choose among {choices}.",
        )


class QueryTimeout(StyrgrafError):
    """A query took longer than its limit (seconds) and was ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(
            f"Frågan tog längre än {seconds:g} sekunder och avbröts. Begränsa den och försök igen.",
            f"The query took longer than {seconds:g} seconds and was ended. Limit it and try again.",
        )


class Overloaded(StyrgrafError):
    """Too many queries wait for a worker; `swedish` and `english` say so in other words where they are given."""

    def __init__(
        self,
        swedish: str = "För många frågor väntar just nu. Försök igen om en stund.",
        english: str = "Too many queries wait just now. Try again in a while.",
    ) -> None:
        super().__init__(swedish, english)


class RemoteFailed(StyrgrafError):
    """The remote store did not do what it should; `address` is where it is, without its query string.

    `detail` is for those who run the service, in Swedish; in English it is only told what kind of failure it is.
    """

    _SAID = "did not do what it should"

    def __init__(self, address: str, detail: str) -> None:
        self.address, self.detail = address, detail
        super().__init__(f"Fjärrlagret {address}: {detail}", f"The remote store {address} {self._SAID}.")


class RemoteUnreachable(RemoteFailed):
    """There is no connection to the remote store."""

    _SAID = "cannot be reached"


class RemoteDenied(RemoteFailed):
    """The remote store does not accept the user or the password."""

    _SAID = "does not let the service in"


class RemoteGarbled(RemoteFailed):
    """What the remote store answered is half, or not what was asked for."""

    _SAID = "answered with half of what was asked for, or with something else"


def _hint(near: str, language: str) -> str:
    if not near:
        return ""
    return f" Did you mean {near}?" if language == "en" else f" Menade du {near}?"
