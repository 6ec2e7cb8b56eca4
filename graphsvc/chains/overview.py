"""One screen about an actor or a document, composed of named questions as queries/overviews/*.yaml say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphsvc.chains import names
from graphsvc.chains.kinds import kinds_of
from graphsvc.chains.model import Node
from graphsvc.chains.neighbourhood import Neighbourhood
from graphsvc.chains.telling import Teller
from graphsvc.graph import Graph
from graphsvc.questions.present import answer_json
from graphsvc.questions.run import Answer

_MOST_ROWS = 12
_WORDS = {
    "sv": {"proposal": "finns här bara som ett förslag", "more": "och {count} till: graphsvc run {question} --{parameter} …",
           "evidence": "Var det står: graphsvc run FRÅGA, med frågan inom parentes.",
           "release": "utgåva", "none": "ingen uppgift"},
    "en": {"proposal": "is here only as a draft", "more": "and {count} more: graphsvc run {question} --{parameter} …",
           "evidence": "Where it says so: graphsvc run QUESTION, with the question in brackets.", "release": "release",
           "none": "nothing stated"},
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A part of the overview: its title, the answer that it shows, the columns shown, and whether on one line."""

    title: str
    answer: Answer
    columns: tuple[str, ...]
    inline: bool


@dataclass(frozen=True)
class Overview:
    """What a strategist wants to see of `about`, section by section."""

    about: Node
    parameter: str
    sections: tuple[Section, ...]
    language: str


def overview(graph: Graph, kind: str, text: str, language: str = "sv") -> Overview:
    """The overview of the actor or document (`kind`) that `text` names; UnknownName or AmbiguousName if it names not one."""
    plan = next(one for one in graph.overviews if one.id == kind)
    parameter = plan.sections[0].parameter
    iri = names.resolve(graph, text, [plan.of], parameter, language)
    around = Neighbourhood(graph.store, graph.content, kinds_of(graph.content, graph.release.manifest.name))
    about = Teller(graph.store, graph.content, around, language).nodes([iri])[iri]
    sections = [Section(part.title[language], graph.answer(part.question, {part.parameter: iri}, language),
                        part.columns, part.inline) for part in plan.sections]  # fmt: skip
    return Overview(about, parameter, tuple(sections), language)


def overview_json(told: Overview, release: str) -> dict[str, Any]:
    """The overview with the whole answers to its questions, passages and all."""
    about = {
        "iri": told.about.iri,
        "label": told.about.label,
        "kind": told.about.kind_label,
        "proposal": told.about.proposal,
    }
    sections = [{"title": part.title, **answer_json(part.answer, release)} for part in told.sections]
    return {"about": about, "sections": sections, "release": release}


def overview_text(told: Overview, release: str) -> str:
    """The overview on one screen: a line for each row, and where more can be asked for."""
    words, about = _WORDS[told.language], told.about
    draft = f" – {words['proposal']}" if about.proposal else ""
    lines = [f"{about.label} ({about.kind_label}){draft}", about.iri, ""]
    for part in told.sections:
        rows = _rows(part)
        head = f"{part.title} [{part.answer.question.id}]"
        if not rows:
            lines.append(f"{head}: {words['none']}")
        elif part.inline:
            lines.append(f"{head}: {', '.join(rows)}")
        else:
            lines += [f"{head} ({len(rows)})", *(f"  {row}" for row in rows[:_MOST_ROWS])]
            more = {"count": len(rows) - _MOST_ROWS, "question": part.answer.question.id, "parameter": told.parameter}
            lines += [f"  {words['more'].format(**more)}"] if len(rows) > _MOST_ROWS else []
    return "\n".join([*lines, "", words["evidence"], f"{words['release']} {release}"])


def _rows(part: Section) -> list[str]:
    """The rows as lines, each once; what a row says twice is said once."""
    cells = [[row.cells[name].text for name in part.columns if name in row.cells] for row in part.answer.rows]
    return list(dict.fromkeys(" · ".join(dict.fromkeys(row)) for row in cells if row))
