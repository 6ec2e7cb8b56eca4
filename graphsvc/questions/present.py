"""Answers as JSON, CSV and as text for a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from graphsvc.labels import PassageText
from graphsvc.questions.catalogue import Parameter, Question
from graphsvc.questions.run import Answer, AnswerRow, Cell
from graphsvc.terms import Iri

_WORDS = {
    "sv": {"heading": "Rubrik", "quote": "Citat", "source": "Källa", "page": "Sida", "under": "under"},
    "en": {"heading": "Heading", "quote": "Quotation", "source": "Source", "page": "Page", "under": "under"},
}
_EXCEL_MARK = "\ufeff"
_FORMULA = re.compile("[\t\r\n]|[\\s\0\ufeff\u200b]*[-=+@＝＋－＠]")
_SIGNED = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)?")


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
        "parameters": {name: _cell_json(cell) for name, cell in answer.parameters.items()},
        "status": "answered" if answer.rows else "empty",
        "text": None if answer.rows else question.empty[language],
        "columns": [{"name": c.name, "label": c.label[language]} for c in answer.columns],
        "rows": [_row_json(row) for row in answer.rows],
        "sparql": answer.sparql,
        "release": release,
    }


def _row_json(row: AnswerRow) -> dict[str, Any]:
    cells: dict[str, Any] = {name: _cell_json(cell) for name, cell in row.cells.items()}
    return cells | {"evidence": [_passage_json(passage) for passage in row.evidence]}


def _cell_json(cell: Cell) -> dict[str, str]:
    if isinstance(cell.term, Iri):
        return {"iri": cell.term.value, "label": cell.text}
    return {"value": cell.text, "datatype": cell.term.datatype}


def _passage_json(passage: PassageText) -> dict[str, Any]:
    return {
        "iri": passage.iri,
        "source": {"iri": passage.source, "label": passage.source_title},
        "heading": passage.heading,
        "quote": passage.quote,
        "page": passage.page,
    }


def answer_csv(answer: Answer) -> str:
    """An answer as CSV that Excel opens with its åäö: one line a row and passage, names first."""
    words = _WORDS[answer.language]
    out = io.StringIO()
    out.write(_EXCEL_MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    titles = [column.label[answer.language] for column in answer.columns]
    writer.writerow([*titles, words["quote"], words["heading"], words["source"], words["page"]])
    for row in answer.rows:
        cells = [harmless(row.cells[c.name].text) if c.name in row.cells else "" for c in answer.columns]
        for passage in row.evidence or (None,):
            told = (passage.quote, passage.heading or "", passage.source_title, passage.page or "") if passage else ("",) * 4
            writer.writerow([*cells, *(harmless(str(part)) for part in told)])
    return out.getvalue()


def harmless(text: str) -> str:
    """`text` so that a spreadsheet shows it and never runs it; some skip spaces, and read wide signs as plain."""
    return "'" + text if _FORMULA.match(text) and not _SIGNED.fullmatch(text) else text


def answer_text(answer: Answer, release: str) -> str:
    """An answer for a terminal: each row with its cells, and under it the words that say so."""
    language, words = answer.language, _WORDS[answer.language]
    told = ", ".join(f"{name}: {cell.text}" for name, cell in answer.parameters.items())
    lines = [answer.question.title[language] + (f" ({told})" if told else ""), ""]
    if not answer.rows:
        lines.append(answer.question.empty[language])
    for row in answer.rows:
        shown = [(c.label[language], row.cells[c.name].text) for c in answer.columns if c.name in row.cells]
        lines.append("• " + (shown[0][1] if shown else ""))
        lines += [f"    {label}: {text}" for label, text in shown[1:]]
        for p in row.evidence:
            under = f" {words['under']} ”{p.heading}”" if p.heading else ""
            page = f", s. {p.page}" if p.page else ""
            lines.append(f"    ”{p.quote}”{under} ({p.source_title}{page})")
    count = f"{len(answer.rows)} " + {"sv": "svar" if language == "sv" else "", "en": "rows"}[language]
    return "\n".join([*lines, "", f"{count} · utgåva {release}" if language == "sv" else f"{count} · release {release}"])


def dumps(document: Any) -> str:
    """`document` as readable JSON with Swedish letters as they are."""
    return json.dumps(document, ensure_ascii=False, indent=2)
