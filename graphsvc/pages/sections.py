"""A page composed of named questions: each answer a section, and those without an answer one honest line."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.graph import Graph
from graphsvc.markup import local
from graphsvc.namespaces import PREFIXES
from graphsvc.pages.tables import Table, of_answer
from graphsvc.questions.overviews import Overview
from graphsvc.questions.run import Answer
from graphsvc.terms import Iri

_THING = "id:"


@dataclass(frozen=True)
class Section:
    """One named question asked with some parameters: its title on the page, its answer, and where it stands by itself."""

    title: str
    answer: Answer
    link: str

    @property
    def anchor(self) -> str:
        """What its heading is called in the page's address: the id of the question."""
        return self.answer.question.id

    @property
    def table(self) -> Table:
        """The answer as a table to show and to download."""
        return of_answer(self.answer, self.title, self.link)


def sections(graph: Graph, plan: Overview, thing: Iri, language: str) -> list[Section]:
    """What an overview plans to ask of `thing`, asked, in its order."""
    answers = graph.answers(plan.inquiries(graph.questions, thing), language)
    return [
        Section(one.title[language], answer, link_of(answer)) for one, answer in zip(plan.sections, answers, strict=True)
    ]


def link_of(answer: Answer) -> str:
    """The address of the page of an answer, with its parameters by their IRIs: they stay when names change."""
    return local(f"/fragor/{answer.question.id}", answer.language, told(answer))


def told(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The parameters of an answer as an address holds them: a thing of ours as id: and the rest of its IRI."""
    return tuple((name, shown(cell.term.value)) for name, cell in answer.parameters.items())


def shown(value: str) -> str:
    """`value` as an address holds it."""
    home = PREFIXES["id"]
    return _THING + value.removeprefix(home) if value.startswith(home) else value


def meant(text: str) -> str:
    """What an address holds as `text`: the IRI of a thing of ours, or the text itself."""
    return PREFIXES["id"] + text.removeprefix(_THING) if text.startswith(_THING) else text
