"""An actor or a document in summary: the answers that its overview (queries/overviews/*.yaml) plans, on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphsvc.chains import names
from graphsvc.chains.model import Node
from graphsvc.chains.neighbourhood import neighbourhood
from graphsvc.chains.telling import Teller
from graphsvc.graph import Graph
from graphsvc.questions.overviews import Planned
from graphsvc.questions.present import answer_json
from graphsvc.questions.run import Answer
from graphsvc.terms import Iri

_MOST_ROWS = 12
_WORDS = {
    "sv": {"proposal": "finns här bara som ett förslag", "more": "och {count} till: graphsvc run {question} --{parameter} …",
           "cut": "och fler, som inte är räknade",
           "evidence": "Var det står: graphsvc run FRÅGA, med frågan inom parentes.",
           "release": "utgåva", "none": "ingen uppgift"},
    "en": {"proposal": "is here only as a proposal", "more": "and {count} more: graphsvc run {question} --{parameter} …",
           "cut": "and more, which are not counted",
           "evidence": "Where it says so: graphsvc run QUESTION, with the question in brackets.", "release": "release",
           "none": "nothing stated"},
}  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """What a strategist wants to see of `about`: the answers, each with what its overview plans of it."""

    about: Node
    parts: tuple[tuple[Planned, Answer], ...]
    language: str


def summary(graph: Graph, kind: str, text: str, language: str = "sv") -> Summary:
    """The summary of the actor or document (`kind`) that `text` names; UnknownName or AmbiguousName if it names not one."""
    plan = next(one for one in graph.overviews if one.id == kind)
    iri = names.resolve(graph, text, [plan.of], plan.sections[0].parameter, language)
    about = Teller(graph.store, graph.content, neighbourhood(graph), language).nodes([iri])[iri]
    answers = graph.answers(plan.inquiries(graph.questions, Iri(iri)), language)
    return Summary(about, tuple(zip(plan.sections, answers, strict=True)), language)


def summary_json(told: Summary, release: str) -> dict[str, Any]:
    """The summary with its answers, passages and all; one that is `cut` has more rows than are here."""
    about = {
        "iri": told.about.iri,
        "label": told.about.label,
        "kind": told.about.kind_label,
        "proposal": told.about.proposal,
    }
    sections = [{"title": one.title[told.language], **answer_json(answer, release), "cut": answer.cut}
                for one, answer in told.parts]  # fmt: skip
    return {"about": about, "sections": sections, "release": release}


def summary_text(told: Summary, release: str) -> str:
    """The summary on one screen: a line for each row, and where more can be asked for."""
    words, about = _WORDS[told.language], told.about
    draft = f" – {words['proposal']}" if about.proposal else ""
    lines = [f"{about.label} ({about.kind_label}){draft}", about.iri, ""]
    for one, answer in told.parts:
        rows = _rows(one, answer)
        cut = f" ({words['cut']})" if answer.cut else ""
        head = f"{one.title[told.language]} [{one.question}]{cut}"
        if not rows:
            lines.append(f"{head}: {words['none']}")
        elif one.inline:
            lines.append(f"{head}: {', '.join(rows)}")
        else:
            lines += [f"{head} ({len(rows)})", *(f"  {row}" for row in rows[:_MOST_ROWS])]
            more = {"count": len(rows) - _MOST_ROWS, "question": one.question, "parameter": one.parameter}
            lines += [f"  {words['more'].format(**more)}"] if len(rows) > _MOST_ROWS else []
    return "\n".join([*lines, "", words["evidence"], f"{words['release']} {release}"])


def _rows(planned: Planned, answer: Answer) -> list[str]:
    """The rows as lines, each once; what a row says twice is said once."""
    cells = [[row.cells[name].text for name in planned.columns if name in row.cells] for row in answer.rows]
    return list(dict.fromkeys(" · ".join(dict.fromkeys(row)) for row in cells if row))
