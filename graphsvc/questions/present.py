"""Answers as JSON, CSV and as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graphsvc.labels import PassageText
from graphsvc.questions.catalogue import Parameter, Question
from graphsvc.questions.run import Answer, AnswerRow, Cell
from graphsvc.spreadsheet import csv_text
from graphsvc.terms import Iri

_PASSAGE = {"sv": ("Citat", "Rubrik", "Källa", "Sida"), "en": ("Quotation", "Heading", "Source", "Page")}


def question_json(question: Question) -> dict[str, Any]:
    """A question's declaration, as the API shows it."""
    return {
        "id": question.id,
        "title": question.title,
        "description": question.description,
        "parameters": [_parameter_json(parameter) for parameter in question.parameters],
        "columns": [{"name": c.name, "kind": c.kind, "label": c.label} for c in question.columns],
        "examples": question.examples,
        "sparql": question.query,
    }


def _parameter_json(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "class": parameter.of,
        "required": parameter.required,
        "label": parameter.label,
    }


def answer_json(answer: Answer, release: str) -> dict[str, Any]:
    """An answer as the API gives it; `release` is the release that it was read from."""
    question, language = answer.question, answer.language
    return {
        "question": {"id": question.id, "title": question.title[language]},
        "parameters": {name: cell_json(cell) for name, cell in answer.parameters.items()},
        "status": "answered" if answer.rows else "empty",
        "text": None if answer.rows else question.empty[language],
        "columns": [{"name": c.name, "label": c.label[language]} for c in answer.columns],
        "rows": [_row_json(row) for row in answer.rows],
        "sparql": answer.sparql,
        "release": release,
    }


def _row_json(row: AnswerRow) -> dict[str, Any]:
    cells: dict[str, Any] = {name: cell_json(cell) for name, cell in row.cells.items()}
    return cells | {"evidence": [passage_json(passage) for passage in row.evidence]}


def cell_json(cell: Cell) -> dict[str, str]:
    """A cell: a thing by IRI and label, a value with its datatype."""
    if isinstance(cell.term, Iri):
        return {"iri": cell.term.value, "label": cell.text}
    return {"value": cell.text, "datatype": cell.term.datatype}


def passage_json(passage: PassageText) -> dict[str, Any]:
    """The words that carry a fact, and where they stand."""
    source = {"iri": passage.source, "label": passage.source_title}
    return {"iri": passage.iri, "source": source, "heading": passage.heading, "quote": passage.quote, "page": passage.page}


def answer_csv(answer: Answer, delimiter: str = ",") -> str:
    """An answer as CSV for a spreadsheet: one line a row and passage, names first."""
    titles = {column.name: column.label[answer.language] for column in answer.columns}
    return csv_text(lines(titles, answer.rows, answer.language), delimiter)


def lines(titles: Mapping[str, str], rows: Iterable[AnswerRow], language: str, proven: bool = True) -> Iterator[list[str]]:
    """Rows as lines of cells: the titles of the columns by name, then a line for each row and, if `proven`, passage."""
    yield [*titles.values(), *(_PASSAGE[language] if proven else ())]
    for row in rows:
        cells = [row.cells[name].text if name in row.cells else "" for name in titles]
        for passage in row.evidence or (None,):
            yield [*cells, *(_passage_cells(passage) if proven else ())]


def _passage_cells(passage: PassageText | None) -> tuple[str, ...]:
    if passage is None:
        return ("",) * 4
    return passage.quote, passage.heading or "", passage.source_title, str(passage.page or "")


def answer_text(answer: Answer, release: str) -> str:
    """An answer for a terminal: each row with its cells, and under it the words that say so."""
    language = answer.language
    labels = {parameter.name: parameter.label[language] for parameter in answer.question.parameters}
    told = ", ".join(f"{labels[name]}: {cell.text}" for name, cell in answer.parameters.items())
    lines = [answer.question.title[language] + (f" ({told})" if told else ""), ""]
    if not answer.rows:
        lines.append(answer.question.empty[language])
    for row in answer.rows:
        shown = [(c.label[language], row.cells[c.name].text) for c in answer.columns if c.name in row.cells]
        lines.append("• " + (shown[0][1] if shown else ""))
        lines += [f"    {label}: {text}" for label, text in shown[1:]]
        for p in row.evidence:
            under = f" under ”{p.heading}”" if p.heading else ""
            page = f", {'s.' if language == 'sv' else 'p.'} {p.page}" if p.page else ""
            lines.append(f"    ”{p.quote}”{under} ({p.source_title}{page})")
    count = f"{len(answer.rows)} " + {"sv": "svar" if language == "sv" else "", "en": "rows"}[language]
    return "\n".join([*lines, "", f"{count} · utgåva {release}" if language == "sv" else f"{count} · release {release}"])
