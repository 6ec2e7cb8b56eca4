"""Runs a named question: binds its parameters, asks the store, and fetches labels and the words behind each row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadParameter
from graphsvc.labels import PassageText, bind, labels_of, passages_of
from graphsvc.namespaces import XSD
from graphsvc.questions.catalogue import Column, Parameter, Question, Texts
from graphsvc.questions.names import Nearest, resolve
from graphsvc.store.guard import read
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, Row, Term, sort_key

Named = Callable[[Parameter, str, str], Iri]
_LANGUAGE = "lang"  # a query that tells what is there in both languages chooses by VALUES ?lang { "sv" }


@dataclass(frozen=True)
class Cell:
    """One cell: the term, and how a person reads it."""

    term: Term
    text: str


@dataclass(frozen=True)
class AnswerRow:
    """One row: its cells by column name (unbound ones left out), and the passages it rests on."""

    cells: Mapping[str, Cell]
    evidence: tuple[PassageText, ...]


@dataclass(frozen=True)
class Inquiry:
    """A question with its parameters, as text or as the thing itself, and how many rows are wanted at most (None: all)."""

    question: Question
    given: Mapping[str, str | Iri]
    most: int | None = None


@dataclass(frozen=True)
class Answer:
    """The answer to a question: the parameters as understood, the rows in Swedish order, and the query that was run.

    It is `cut` where no more rows were asked for, and there are more.
    """

    question: Question
    parameters: Mapping[str, Cell]
    columns: tuple[Column, ...]
    rows: tuple[AnswerRow, ...]
    sparql: str
    language: str
    cut: bool = False


def run(store: Store, content: Content, inquiries: Iterable[Inquiry], language: str, nearest: Nearest) -> list[Answer]:
    """Answer each of `inquiries`; what all their answers name, and the words behind them, is fetched at once.

    BadParameter, UnknownName (with the `nearest` names) or AmbiguousName where a parameter cannot be used.
    """
    named = partial(resolve, store, content, nearest=nearest)
    found = [_found(store, one, _values(one.question, one.given, language, named), language) for one in inquiries]
    proofs = {iri for one in found for iri in one.proofs}
    iris = {term.value for one in found for row in [*one.rows, one.values] for term in row.values() if isinstance(term, Iri)}
    labels, passages = labels_of(store, content, iris - proofs, language), passages_of(store, content, proofs)
    return [_told(one, language, labels, passages) for one in found]


@dataclass(frozen=True)
class _Found:
    """What the store gives for a question asked with `values`, and the columns of it that are shown."""

    question: Question
    values: Mapping[str, Term]
    query: str
    rows: list[Row]
    columns: tuple[Column, ...]
    cut: bool

    @property
    def evidence(self) -> set[str]:
        """The names of the columns that hold evidence."""
        return {column.name for column in self.question.columns if column.kind == "evidence"}

    @property
    def proofs(self) -> set[str]:
        """The IRIs of the passages that the rows rest on."""
        names = self.evidence
        return {row[name].value for row in self.rows for name in names if name in row}


def _found(store: Store, inquiry: Inquiry, values: Mapping[str, Term], language: str) -> _Found:
    question, most = inquiry.question, inquiry.most
    query = bind(question.query, {name: [value] for name, value in values.items()} | {_LANGUAGE: [Literal(language)]})
    bare = headers.without(query)
    table = store.select(bare if most is None else read(bare, most + 1).limited or bare)
    shown = tuple(column for column in question.columns if column.kind != "evidence" and column.name in table.variables)
    return _Found(question, values, query, table.rows[:most], shown, most is not None and len(table.rows) > most)


def _told(found: _Found, language: str, labels: Mapping[str, str], passages: Mapping[str, PassageText]) -> Answer:
    words = {column.name: column.words for column in found.columns} if language == "en" else {}
    rows = _rows(found.rows, found.columns, found.evidence, labels, words, passages)
    parameters = {name: _cell(value, labels) for name, value in found.values.items()}
    return Answer(found.question, parameters, found.columns, rows, found.query, language, found.cut)


def _values(question: Question, given: Mapping[str, str | Iri], language: str, named: Named) -> dict[str, Term]:
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in known:
            choices = ", ".join(known)
            raise BadParameter(
                name,
                f"finns inte för frågan {question.id}. Den har: {choices or 'inga'}.",
                f"is not one of the question {question.id}. It has: {choices or 'none'}.",
            )
    values: dict[str, Term] = {}
    for name, parameter in known.items():
        text = given.get(name, "")
        if isinstance(text, Iri):
            values[name] = text
        elif text := text.strip():
            values[name] = named(parameter, text, language) if parameter.kind == "thing" else _value(parameter, text)
        elif parameter.required:
            raise BadParameter(name, f"saknas ({parameter.label[language]}).", f"is missing ({parameter.label[language]}).")
    return values


def _value(parameter: Parameter, text: str) -> Literal:
    if parameter.kind == "date":
        try:
            return Literal(date.fromisoformat(text).isoformat(), XSD + "date")
        except ValueError:
            told = f"”{text}” är inget datum. Skriv det som 2020-01-31.", f"“{text}” is no date. Write it as 2020-01-31."
            raise BadParameter(parameter.name, *told) from None
    if parameter.kind == "year":
        if not re.fullmatch(r"[0-9]{4}", text):
            told = f"”{text}” är inget år. Skriv det som 2020.", f"“{text}” is no year. Write it as 2020."
            raise BadParameter(parameter.name, *told)
        return Literal(text, XSD + "gYear")
    return Literal(text)


def _rows(
    rows: list[Row],
    columns: tuple[Column, ...],
    evidence: set[str],
    labels: Mapping[str, str],
    words: Mapping[str, Texts],
    passages: Mapping[str, PassageText],
) -> tuple[AnswerRow, ...]:
    """One row for each distinct set of cells, with the passages of all rows that share it; in Swedish order.

    A question that orders its own rows keeps its order for rows that differ in an `order` column, which is not shown.
    """
    merged: dict[tuple[Term | None, ...], tuple[Row, dict[str, PassageText]]] = {}
    for row in sorted(rows, key=_place):
        key = tuple(row.get(column.name) for column in columns)
        _, found = merged.setdefault(key, (row, {}))
        for name in sorted(evidence & set(row)):
            if row[name].value in passages:
                found[row[name].value] = passages[row[name].value]
    answer = [
        (
            row.get("order"),
            AnswerRow(
                {c.name: _cell(row[c.name], labels, words.get(c.name)) for c in columns if c.name in row},
                tuple(found.values()),
            ),
        )
        for row, found in merged.values()
    ]
    return tuple(row for _, row in sorted(answer, key=lambda pair: (_order(pair[0]), _sorting(pair[1], columns))))


def _place(row: Row) -> tuple[bool, tuple[str, str], list[tuple[str, str]]]:
    """A key that puts rows in an order of our own, since engines give them in any: those with an `order` by it, first."""
    order = row.get("order")
    return not (order and order.value), _order(order), sorted((name, term.value) for name, term in row.items())


def _order(term: Term | None) -> tuple[str, str]:
    return sort_key(term.value) if term else ("", "")


def _sorting(row: AnswerRow, columns: tuple[Column, ...]) -> list[tuple[str, str]]:
    return [sort_key(row.cells[c.name].text) if c.name in row.cells else ("~", "") for c in columns]


def _cell(term: Term, labels: Mapping[str, str], words: Texts | None = None) -> Cell:
    return Cell(term, (labels if isinstance(term, Iri) else words or {}).get(term.value, term.value))
