"""Every named question has a case of the same stem, which says by the sources what it must answer over the shipped data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cases import cases_of, stems_of

from graphsvc.graph import Graph
from graphsvc.questions.run import AnswerRow

ROOT = Path(__file__).parent.parent
STEMS, CASES = stems_of("questions"), cases_of("questions")


def test_every_question_has_cases_and_every_case_a_question() -> None:
    assert len(STEMS) >= 50
    assert sorted({stem for stem, _, _ in CASES}) == STEMS


@pytest.mark.parametrize(("stem", "number", "case"), CASES, ids=[f"{stem}-{number}" for stem, number, _ in CASES])
def test_case(graph: Graph, stem: str, number: int, case: dict[str, Any]) -> None:
    assert set(case) <= {"given", "rows", "has", "hasnot"}, "unknown key in the case"
    answer = graph.answer(stem, {name: str(value) for name, value in (case.get("given") or {}).items()})
    told = [{name: cell.text for name, cell in row.cells.items()} for row in answer.rows]
    if "rows" in case:
        assert len(answer.rows) == case["rows"], told
    for wanted in case.get("has", []):
        assert any(_matches(row, wanted) for row in answer.rows), (wanted, told)
    for unwanted in case.get("hasnot", []):
        assert not any(_matches(row, unwanted) for row in answer.rows), unwanted


def _matches(row: AnswerRow, wanted: dict[str, Any]) -> bool:
    cells = {name: cell.text for name, cell in row.cells.items()}
    quote = wanted.get("quote")
    if quote is not None and not any(quote in passage.quote for passage in row.evidence):
        return False
    return all(name in cells and cells[name] == str(value) for name, value in wanted.items() if name != "quote")


@pytest.mark.parametrize("stem", STEMS)
def test_every_question_has_texts_and_runs_as_its_file_stands(graph: Graph, stem: str) -> None:
    question = graph.questions[stem]
    table = graph.store.select(question.query)
    declared = {column.name for column in question.columns}
    assert declared <= set(table.variables), "a declared column is not selected"
    assert set(table.variables) <= declared | {"order"}, "a selected column is not declared"
    assert table.rows, "the example in the file has no answer"
    assert all(len(texts) >= 2 for texts in question.examples.values())
