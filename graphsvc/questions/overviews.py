"""The overviews: which named questions tell of a kind of thing, and in what order, as queries/overviews/*.yaml say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadFile, UnknownQuestion
from graphsvc.questions.catalogue import Catalogue
from graphsvc.questions.run import Inquiry
from graphsvc.terms import Iri

Texts = Mapping[str, str]
_MOST_ROWS = 200


@dataclass(frozen=True)
class Planned:
    """A section of an overview: a named question, the parameter that takes the thing, and what it is called here.

    `columns` are those shown where there is little room (all, if none are named), on one line if `inline`; `most` is how
    many rows are asked for, since very much may point at a thing; `figure` says what the distinct things in the first
    column are counted as, in singular and plural by language (or nothing).
    """

    question: str
    parameter: str
    title: Texts
    columns: tuple[str, ...]
    inline: bool
    most: int
    figure: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Way:
    """A way onwards: its title, and an address in which {iri}, or {place} and {slug}, stand for the thing."""

    title: Texts
    to: str


@dataclass(frozen=True)
class Overview:
    """What is told of the things of one class: `id` is the stem of its file, `of` the IRI of the class."""

    id: str
    of: str
    title: Texts
    sections: tuple[Planned, ...]
    ways: tuple[Way, ...]

    def inquiries(self, questions: Catalogue, thing: Iri) -> list[Inquiry]:
        """Its questions, asked of `thing`."""
        return [Inquiry(questions[one.question], {one.parameter: thing}, one.most) for one in self.sections]


def overviews(content: Content, catalogue: Catalogue) -> tuple[Overview, ...]:
    """Every overview, in the order of their files' names; BadFile where one of them cannot be used."""
    paths = sorted((content.root / "queries" / "overviews").glob("*.yaml"))
    return tuple(_read(path, catalogue) for path in paths)


def _read(path: Path, catalogue: Catalogue) -> Overview:
    plan = headers.document(path)
    if not {"of", "parameter", "title", "sections"} <= set(plan):
        raise BadFile(path, "Översikten saknar of, parameter, title eller sections.", "Skriv dem.")
    sections = tuple(_section(path, part, str(plan["parameter"]), catalogue) for part in plan["sections"])
    ways = tuple(Way(way["title"], str(way["to"])) for way in plan.get("ways", ()))
    of, title = headers.expanded(path, str(plan["of"])), headers.translated(plan, "title", path)
    return Overview(path.stem, of, title, sections, ways)


def _section(path: Path, part: Mapping[str, Any], parameter: str, catalogue: Catalogue) -> Planned:
    name, taken = str(part["question"]), str(part.get("parameter", parameter))
    try:
        question = catalogue[name]
    except UnknownQuestion:
        raise BadFile(path, f"Frågan {name} finns inte.", "Skriv en av filerna i queries/questions/.") from None
    columns = tuple(map(str, part.get("columns", ())))
    unknown = {taken} - {one.name for one in question.parameters} | set(columns) - {one.name for one in question.columns}
    if unknown:
        raise BadFile(path, f"Frågan {name} har inte {', '.join(sorted(unknown))}.", "Skriv det som frågan har.")
    title = part.get("title") or question.title
    figure = {language: (str(words[0]), str(words[1])) for language, words in part.get("figure", {}).items()}
    return Planned(name, taken, title, columns, bool(part.get("inline", False)), int(part.get("most", _MOST_ROWS)), figure)
