"""The tables of a page: how an answer is arranged in them, and the files that they are taken along as."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import openpyxl
from fastapi.testclient import TestClient
from strict_html import parsed

from graphsvc.graph import Graph
from graphsvc.labels import PassageText
from graphsvc.markup import render
from graphsvc.markup.frame import Frame
from graphsvc.namespaces import BASE, RANK, XSD
from graphsvc.pages import exports
from graphsvc.pages.frame import Page
from graphsvc.pages.sections import sections
from graphsvc.pages.tables import PASSAGES_OF_PAGE, ROWS_OF_PAGE, Heading, Table, of_answer
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.terms import Iri, Literal


def _table(*cells: str, **more: object) -> Table:
    rows = tuple(AnswerRow({"a": Cell(Literal(text), text), "b": Cell(Literal("same"), "same")}, ()) for text in cells)
    return Table("Tabell", (Heading("a", "A"), Heading("b", "B")), rows, **more)  # type: ignore[arg-type]


def test_what_all_rows_share_is_said_once() -> None:
    table = _table("1", "2")
    assert [column.name for column, _ in table.shared] == ["b"] and [column.name for column in table.own] == ["a"]
    assert _table("1").shared == () and len(_table("1").own) == 2
    shown = render_table(table)
    assert shown.count("same") == 1 and "<th" in shown


def test_a_rank_is_shown_only_where_some_fact_is_not_preferred() -> None:
    def rows(*ranks: str) -> Table:
        cells = [{"a": Cell(Literal(str(n)), str(n)), "r": Cell(Iri(RANK + rank), rank)} for n, rank in enumerate(ranks)]
        return Table("T", (Heading("a", "A"), Heading("r", "Rang")), tuple(AnswerRow(cell, ()) for cell in cells))

    assert [c.name for c in rows("preferred", "preferred").own] == ["a"] and not rows("preferred", "preferred").shared
    assert "inte föredraget" in render_table(rows("preferred", "normal"))


def test_a_column_that_says_nothing_in_the_rows_that_are_shown_is_not() -> None:
    rows = [AnswerRow({"a": Cell(Literal(str(n)), str(n))}, ()) for n in range(9)]
    last = AnswerRow({"a": Cell(Literal("9"), "9"), "b": Cell(Literal("sist"), "sist")}, ())
    table = Table("T", (Heading("a", "A"), Heading("b", "B")), (*rows, last), link="/x")
    assert [c.name for c in table.own] == ["a", "b"] and [c.name for c in table.telling(table.rows[:3])] == ["a"]


def test_a_page_of_an_answer_is_never_heavy() -> None:
    passage = PassageText(BASE + "id/p", BASE + "id/s", "Källa", None, "ord", 3)
    rows = tuple(AnswerRow({"a": Cell(Literal(str(n)), str(n))}, (passage,) * (n % 50)) for n in range(500))
    table, seen = Table("T", (Heading("a", "A"),), rows), []
    for number in range(1, table.part(1).parts + 1):
        part = table.part(number)
        assert 0 < len(part.rows) <= ROWS_OF_PAGE
        assert sum(min(len(row.evidence), 20) for row in part.rows) <= PASSAGES_OF_PAGE or len(part.rows) == 1
        seen += part.rows
    assert tuple(seen) == rows and table.part(0).number == table.part(10_000).number == 1


def test_more_passages_than_a_row_shows_are_told_of() -> None:
    passage = PassageText(BASE + "id/p", BASE + "id/s", "Källa", None, "ord", 3)
    shown = render_table(Table("T", (Heading("a", "A"),), (AnswerRow({"a": Cell(Literal("x"), "x")}, (passage,) * 25),)))
    assert shown.count("<blockquote") == 20 and "5 ställen till" in shown


def test_a_date_is_a_time_and_a_truth_a_word() -> None:
    cells = {
        "a": Cell(Literal("2018-01-18", XSD + "date"), "2018-01-18"),
        "b": Cell(Literal("true", XSD + "boolean"), "true"),
    }
    shown = render_table(Table("T", (Heading("a", "A"), Heading("b", "B")), (AnswerRow(cells, ()),)))
    assert '<time datetime="2018-01-18">' in shown and ">ja<" in shown


def render_table(table: Table) -> str:
    """A table as the page of a question shows it, its main part alone."""

    said = {"sv": "T", "en": "T"}
    asked = SimpleNamespace(id="x", title=said, description=said, examples={"sv": ()}, query="SELECT")
    page = render("question", "sv", frame=Frame(), asked=asked, fields=(), table=table, named="", address=str, problem=None)
    parsed(page)
    return page.partition("<main")[2].partition('id="om-fragan"')[0]


def test_a_section_is_an_answer_that_stands_by_itself_too(graph: Graph) -> None:
    plan = next(plan for plan in graph.overviews if plan.id == "actor")
    asked = sections(graph, plan, Iri(BASE + "id/goteborg/actor/forvaltnings-ab-framtiden"), "sv")
    shown = next(one for one in asked if one.anchor == "activities-involving-actor")
    assert shown.table.rows == of_answer(shown.answer).rows
    assert shown.link == "/fragor/activities-involving-actor?actor=id:goteborg/actor/forvaltnings-ab-framtiden"


def test_csv_opens_in_columns_with_its_åäö_and_says_what_it_is(client: TestClient, graph: Graph) -> None:
    response = client.get("/fragor/activities-by-responsible.csv?actor=byggnadsnämnden")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["content-disposition"].startswith('attachment; filename="fragor-activities-by-responsible-')
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][:2] == ["Aktivitet", "Dokument"] and rows[0][-4:] == ["Citat", "Rubrik", "Källa", "Sida"]
    assert any("Ansvar: byggnadsnämnden" in "".join(row) for row in rows)
    about = dict(row for row in rows[rows.index([]) + 1 :])
    assert about["Utgåva"] == graph.release.manifest.name
    assert about["Aktör"] == "Byggnadsnämnden"
    assert client.get(about["Länk"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_workbook_read_by_another_library_holds_the_same(client: TestClient, graph: Graph) -> None:
    body = client.get("/fragor/activities-involving-actor.xlsx?actor=framtiden&lang=en").content
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Answer", "About"]
    sheet = book["Answer"]
    answer = graph.answer("activities-involving-actor", {"actor": "framtiden"}, "en")
    lines = sum(max(len(row.evidence), 1) for row in answer.rows)
    assert sheet.max_row == lines + 1 and sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    assert {sheet.cell(n, 1).value for n in range(2, lines + 2)} == {row.cells["activity"].text for row in answer.rows}
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Release"] == graph.release.manifest.name and about["Actor"] == "Förvaltnings AB Framtiden"


def test_json_holds_what_is_shown_with_release_question_and_link(client: TestClient, graph: Graph) -> None:
    told = client.get("/fragor/activities-involving-actor.json?actor=framtiden").json()
    table = told["tables"][0]
    assert (told["release"], table["question"]) == (graph.release.manifest.name, "activities-involving-actor")
    assert told["link"].endswith("actor=id:goteborg/actor/forvaltnings-ab-framtiden")
    assert len(table["rows"]) == len(graph.answer("activities-involving-actor", {"actor": "framtiden"}).rows)
    assert all(row["evidence"][0]["quote"] for row in table["rows"])


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    page = Page("question", Frame(path="/x"), {}, (_table("=1+1", "@SUM(A1)", "-2+3", "-5", "+46 31"),))
    sheet = openpyxl.load_workbook(io.BytesIO(exports.as_xlsx(page)))["Svar"]
    assert [sheet.cell(n, 1).data_type for n in range(2, 7)] == ["s"] * 5
    assert sheet.cell(2, 1).value == "=1+1"


def test_sheets_get_names_that_excel_takes() -> None:
    title = "Vem [ansvarar]: a/b? " + "lång " * 20
    page = Page("x", Frame(path="/x"), {}, tuple(replace(_table("1"), title=title) for _ in range(12)))
    names = openpyxl.load_workbook(io.BytesIO(exports.as_xlsx(page))).sheetnames
    assert len(set(names)) == 13 and all(len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)


def test_an_empty_answer_says_in_every_file_what_that_means() -> None:
    page = Page("x", Frame(path="/x"), {}, (replace(_table(), empty="Inget sådant finns."),))
    assert "Inget sådant finns." in exports.as_csv(page).decode()
    assert json.loads(exports.as_json(page))["tables"][0]["text"] == "Inget sådant finns."
    assert openpyxl.load_workbook(io.BytesIO(exports.as_xlsx(page)))["Svar"].cell(2, 1).value == "Inget sådant finns."
