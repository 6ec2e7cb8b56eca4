"""The catalogue of named questions, and each question's page: its form, its answer, and how it is asked by a program."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graphsvc.errors import AmbiguousName, BadParameter, UnknownName
from graphsvc.markup import Link
from graphsvc.pages.fields import Misnamed, choices, told_wrong
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.sections import link_of, meant, told
from graphsvc.pages.tables import of_answer
from graphsvc.questions.catalogue import Parameter, Question
from graphsvc.questions.run import Answer
from graphsvc.terms import fold, sort_key

_PAGES = ("sida", "page")
_NOTHING, _FEWEST = "", 3
_MOST_LISTED = 60


@dataclass(frozen=True)
class Theme:
    """Questions that start from the same kind of thing: its anchor, what it is called, and they in Swedish order."""

    anchor: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Field:
    """A field of a form: its parameter, what is filled in, what can be chosen (empty: written freely), and what is wrong."""

    parameter: Parameter
    value: str
    choices: tuple[tuple[str, str], ...] = ()
    listed: bool = False
    problem: str = ""
    nearest: tuple[Link, ...] = ()


def catalogue(visit: Visit) -> Page:
    """All questions by theme, those that hold every word of ?q= if it is given."""
    words = visit.query.get("q", "")
    found = [question for question in visit.graph.questions if matches(question, words, visit.language)]
    told = visit.say(
        "Alla frågor som grafen svarar på, ordnade efter vad de utgår från.",
        "Every question that the graph answers, by what it starts from.",
    )
    title = visit.say("Frågor att ställa", "Questions to ask")
    return visit.page("fragor", title, told, query={"q": words} if words else {},
                      themes=themes(found, visit.language), words=words, count=len(found),
                      total=len(list(visit.graph.questions)), words_of=lambda q: searched(q, visit.language))  # fmt: skip


def question(visit: Visit) -> Page:
    """A question's form, filled in with what the address gives, and its answer where that is enough."""
    asked = visit.graph.questions[visit.parts["id"]]
    given = {name: meant(value) for name, value in visit.query.items() if name not in _PAGES}
    answer: Answer | None = None
    problem: Misnamed | None = None
    boundless = any(_is_boundless(visit, one) for one in asked.parameters)
    if any(value.strip() for value in given.values()) or not boundless:
        try:
            answer = visit.graph.answer(asked.id, given, visit.language)
        except (UnknownName, AmbiguousName, BadParameter) as error:
            problem = error
    fields = _fields(visit, asked, given, answer, problem)
    return _question_page(visit, asked, fields, answer, problem)


def _is_boundless(visit: Visit, parameter: Parameter) -> bool:
    """Whether a question cannot be answered without this parameter, or would be about more than one can choose among."""
    return parameter.required or (parameter.kind == "thing" and not _choices(visit, parameter))


PAGES: dict[str, Maker] = {"/fragor": catalogue, "/fragor/{id}": question}


def _question_page(
    visit: Visit, asked: Question, fields: tuple[Field, ...], answer: Answer | None, problem: Misnamed | None
) -> Page:
    title, whole = asked.title[visit.language], of_answer(answer, link=link_of(answer)) if answer else None
    named = ", ".join(text for _, text in whole.parameters) if whole else ""

    def address(page: int) -> str:
        return visit.go(visit.path, **dict(told(answer) if answer else ()), **numbered(visit, page))

    crumbs = [visit.crumb("Frågor", "Questions", "/fragor")]
    return visit.page("question", f"{title}: {named}" if named else title, asked.description[visit.language], crumbs=crumbs,
                      query=dict(told(answer)) if answer else {}, tables=[whole] if whole else [],
                      status=404 if isinstance(problem, UnknownName) else 400 if problem else 200,
                      asked=asked, fields=fields, table=whole.part(number_of(visit)) if whole else None, named=named,
                      address=address, problem=problem)  # fmt: skip


def themes(questions: Iterable[Question], language: str) -> list[Theme]:
    """Questions by the class of what they must be told, largest first; then those told of nothing, and the few others."""
    grouped: dict[str, list[Question]] = {}
    for one in questions:
        first = next((p for p in one.parameters if p.required), None)
        grouped.setdefault((first.of or first.kind) if first else _NOTHING, []).append(one)
    overview = grouped.pop(_NOTHING, [])
    few = [one for members in grouped.values() if len(members) < _FEWEST for one in members]
    ranked = sorted((one for one in grouped.values() if len(one) >= _FEWEST), key=len, reverse=True)
    named = [(_label(members, language), members) for members in ranked]
    words = ("Overview", "Other") if language == "en" else ("Överblick", "Annat")
    named += [(title, members) for title, members in zip(words, (overview, few), strict=True) if members]
    return [Theme(str(number), title, tuple(sorted(members, key=lambda q: sort_key(q.title[language]))))
            for number, (title, members) in enumerate(named, 1)]  # fmt: skip


def _label(questions: Iterable[Question], language: str) -> str:
    """What the questions of a theme most often call that which they start from."""
    first = Counter(next(p for p in one.parameters if p.required).label[language] for one in questions)
    return max(first, key=lambda label: (first[label], label))


def searched(question: Question, language: str) -> str:
    """What a question is found by: its title and the ways it can be asked."""
    return fold(" ".join((question.title[language], *question.examples[language])))


def matches(question: Question, words: str, language: str) -> bool:
    """Whether a question holds every one of `words`."""
    told = searched(question, language)
    return all(word in told for word in fold(words).split())


def _fields(
    visit: Visit, asked: Question, given: dict[str, str], answer: Answer | None, problem: Misnamed | None
) -> tuple[Field, ...]:
    """The fields of a question's form; what is wrong with one stands at it."""
    fields = []
    for parameter in asked.parameters:
        listed = _choices(visit, parameter)
        cell = answer.parameters.get(parameter.name) if answer else None
        value = cell.text if cell else given.get(parameter.name, "")
        own = problem if problem and problem.parameter == parameter.name else None
        wrong, near = told_wrong(visit, parameter.name, own, given) if own else ("", ())
        fields.append(Field(parameter, value, listed, len(listed) > _MOST_LISTED, wrong, near))
    return tuple(fields)


def _choices(visit: Visit, parameter: Parameter) -> tuple[tuple[str, str], ...]:
    """What a parameter may be, by its label where no other has the same; nothing where it is too much to choose among."""
    listed = choices(visit, "form-choices", parameter.of or "") if parameter.kind == "thing" else ()
    labels = Counter(label for _, label in listed)
    return tuple((label if labels[label] == 1 else value, label) for value, label in listed)


def number_of(visit: Visit) -> int:
    """Which page of an answer's rows is asked for; the first where it is no number."""
    text = next((visit.query[name] for name in _PAGES if name in visit.query), "1")
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else 1


def numbered(visit: Visit, page: int) -> dict[str, str]:
    """What an address holds to ask for that page of an answer's rows."""
    return {visit.say(*_PAGES): str(page)} if page > 1 else {}
