"""The named questions as their files declare them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rapidfuzz import process

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadFile, BadParameter, UnknownQuestion

Texts = Mapping[str, str]
_KINDS = ("thing", "date", "year", "text")
_COLUMN_KINDS = ("thing", "value", "evidence")


@dataclass(frozen=True)
class Parameter:
    """A parameter: `kind` is thing (with the IRI of the class its choices are of), date, year or text."""

    name: str
    kind: str
    label: Texts
    of: str | None
    required: bool


@dataclass(frozen=True)
class Column:
    """A column of the answer: what it means, and whether it holds things, values or evidence.

    `words` are the Swedish values that the query itself writes there, each with its English.
    """

    name: str
    kind: str
    label: Texts
    words: Texts


@dataclass(frozen=True)
class Question:
    """A named question; `query` is its file's whole text, plain SPARQL that runs as it stands, on its own example.

    `examples` are whole sentences; `phrasings` more ways to ask, by language, with {actor} where a parameter's name stands.
    """

    id: str
    title: Texts
    description: Texts
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    examples: Mapping[str, tuple[str, ...]]
    phrasings: Mapping[str, tuple[str, ...]]
    empty: Texts
    query: str

    def parameter(self, name: str) -> Parameter:
        """The parameter called `name`; BadParameter if there is none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise BadParameter(name, f"finns inte för frågan {self.id}.", f"is not one of the question {self.id}.")


class Catalogue:
    """All named questions of the content, by id."""

    def __init__(self, content: Content) -> None:
        self._content = content

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {path.stem: _read(path) for path in self._content.queries("questions")}

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def __getitem__(self, name: str) -> Question:
        """The question with the id `name`; UnknownQuestion with the nearest ids if there is none."""
        if name not in self._questions:
            near = process.extract(name, list(self._questions), limit=3, score_cutoff=60)
            raise UnknownQuestion(name, [choice for choice, *_ in near])
        return self._questions[name]


def _read(path: Path) -> Question:
    header, query = headers.read(path)
    unknown = set(header) - {"title", "description", "parameters", "columns", "examples", "phrasings", "empty"}
    if unknown:
        raise BadFile(path, f"Huvudet har okända fält: {', '.join(sorted(unknown))}.", "Ta bort dem.")
    parameters = tuple(_parameter(path, query, name, given) for name, given in (header.get("parameters") or {}).items())
    columns = tuple(_column(path, name, given) for name, given in (header.get("columns") or {}).items())
    if not columns:
        raise BadFile(path, "Huvudet saknar columns.", "Skriv vad varje kolumn betyder.")
    examples, phrasings = _sentences(header, "examples"), _sentences(header, "phrasings")
    if not {"sv", "en"} <= set(examples):
        raise BadFile(path, "Huvudet saknar examples på sv och en.", "Skriv hur någon skulle fråga.")
    return Question(
        id=path.stem,
        title=headers.translated(header, "title", path),
        description=headers.translated(header, "description", path),
        parameters=parameters,
        columns=columns,
        examples=examples,
        phrasings=phrasings,
        empty=headers.translated(header, "empty", path),
        query=query,
    )


def _sentences(header: Mapping[str, Mapping[str, list[object]] | None], key: str) -> dict[str, tuple[str, ...]]:
    return {language: tuple(map(str, texts)) for language, texts in (header.get(key) or {}).items()}


def _parameter(path: Path, query: str, name: str, given: Mapping[str, object]) -> Parameter:
    kind = str(given.get("kind", "thing"))
    if kind not in _KINDS:
        raise BadFile(path, f"Parametern {name} har slaget {kind}.", f"Välj bland {', '.join(_KINDS)}.")
    if not re.search(rf"VALUES\s+\?{name}\s*\{{", query):
        raise BadFile(path, f"Frågan saknar VALUES ?{name} {{ … }}.", "Skriv blocket med ett exempel eller UNDEF.")
    of = headers.expanded(path, str(given["of"])) if kind == "thing" and "of" in given else None
    if kind == "thing" and of is None:
        raise BadFile(path, f"Parametern {name} säger inte av vilken klass.", "Skriv of: styr:Actor eller liknande.")
    required = bool(given.get("required", True))
    if not required and not re.search(rf"VALUES\s+\?{name}\s*\{{\s*UNDEF\s*\}}", query):
        raise BadFile(path, f"Parametern {name} kan utelämnas men har ett värde.", f"Skriv VALUES ?{name} {{ UNDEF }}.")
    return Parameter(name, kind, headers.translated(dict(given), "label", path), of, required)


def _column(path: Path, name: str, given: Mapping[str, Any]) -> Column:
    kind = str(given.get("kind", "evidence" if name.lower().endswith("evidence") else "thing"))
    if kind not in _COLUMN_KINDS:
        raise BadFile(path, f"Kolumnen {name} har slaget {kind}.", f"Välj bland {', '.join(_COLUMN_KINDS)}.")
    words = {str(swedish): str(english) for swedish, english in (given.get("words") or {}).items()}
    return Column(name, kind, headers.translated({"label": given}, "label", path), words)
