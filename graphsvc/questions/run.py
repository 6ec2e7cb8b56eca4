"""Runs a named question: binds its parameters, asks the store, and fetches labels and the words behind each row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from graphsvc.content import Content
from graphsvc.errors import BadParameter
from graphsvc.labels import PassageText, bind, labels_of, passages_of
from graphsvc.namespaces import XSD
from graphsvc.questions.catalogue import Column, Parameter, Question
from graphsvc.questions.names import Nearest, resolve
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, Row, Term, sort_key

Named = Callable[[Parameter, str, str], Iri]


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
class Answer:
    """The answer to a question: the parameters as understood, the rows in Swedish order, and the query that was run."""

    question: Question
    parameters: Mapping[str, Cell]
    columns: tuple[Column, ...]
    rows: tuple[AnswerRow, ...]
    sparql: str
    language: str


def run(
    store: Store, content: Content, question: Question, given: Mapping[str, str], language: str, nearest: Nearest
) -> Answer:
    """Answer `question` with the parameters `given` as text.

    BadParameter, UnknownName (with the `nearest` names) or AmbiguousName where one of them cannot be used.
    """
    values = _values(question, given, language, partial(resolve, store, content, nearest=nearest))
    query = bind(question.query, {name: [value] for name, value in values.items()})
    table = store.select(query)
    shown = tuple(column for column in question.columns if column.kind != "evidence" and column.name in table.variables)
    iris = {t.value for row in [*table.rows, values] for t in row.values() if isinstance(t, Iri)}
    evidence = {c.name for c in question.columns if c.kind == "evidence"}
    proofs = {row[name].value for row in table.rows for name in evidence if name in row}
    labels = labels_of(store, content, iris - proofs, language)
    rows = _rows(table.rows, shown, evidence, labels, passages_of(store, content, proofs))
    parameters = {name: _cell(value, labels) for name, value in values.items()}
    return Answer(question, parameters, shown, rows, query, language)


def _values(question: Question, given: Mapping[str, str], language: str, named: Named) -> dict[str, Term]:
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in known:
            choices = ", ".join(known) or "inga"
            raise BadParameter(name, f"finns inte för frågan {question.id}. Den har: {choices}.")
    values: dict[str, Term] = {}
    for name, parameter in known.items():
        text = given.get(name, "").strip()
        if text:
            values[name] = named(parameter, text, language) if parameter.kind == "thing" else _value(parameter, text)
        elif parameter.required:
            raise BadParameter(name, f"saknas ({parameter.label[language]}).")
    return values


def _value(parameter: Parameter, text: str) -> Literal:
    if parameter.kind == "date":
        try:
            return Literal(date.fromisoformat(text).isoformat(), XSD + "date")
        except ValueError:
            raise BadParameter(parameter.name, f"”{text}” är inget datum. Skriv det som 2020-01-31.") from None
    if parameter.kind == "year":
        if not re.fullmatch(r"[0-9]{4}", text):
            raise BadParameter(parameter.name, f"”{text}” är inget år. Skriv det som 2020.")
        return Literal(text, XSD + "gYear")
    return Literal(text)


def _rows(
    rows: list[Row],
    columns: tuple[Column, ...],
    evidence: set[str],
    labels: Mapping[str, str],
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
            AnswerRow({c.name: _cell(row[c.name], labels) for c in columns if c.name in row}, tuple(found.values())),
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


def _cell(term: Term, labels: Mapping[str, str]) -> Cell:
    return Cell(term, labels.get(term.value, term.value) if isinstance(term, Iri) else term.value)
