"""The pages for readers: well formed, light, in two languages, and the same to read and to take along."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import openpyxl
import pytest
import yaml
from fastapi.testclient import TestClient

from graphsvc.graph import Graph
from graphsvc.labels import PassageText
from graphsvc.markup import assets, render
from graphsvc.markup.frame import PLACES, Frame, Link
from graphsvc.namespaces import BASE, RANK, XSD
from graphsvc.pages import changes, exports
from graphsvc.pages.frame import Page, Visit
from graphsvc.pages.questions import themes
from graphsvc.pages.sections import answered, section
from graphsvc.pages.tables import PASSAGES_OF_PAGE, ROWS_OF_PAGE, Heading, Table, of_answer
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.settings import Settings
from graphsvc.terms import Iri, Literal
from graphsvc.web.app import create_app

html5lib = pytest.importorskip("html5lib", reason="html5lib läser sidorna strängt")

ROOT = Path(__file__).parent.parent
CASES = sorted((ROOT / "tests" / "queries" / "questions").glob("*.yaml"))
HEAVIEST = 150_000
ANSWER = "/fragor/activities-involving-actor?actor=framtiden"
PAGES = ["/", "/fraga", "/fraga?q=Vilka+aktiviteter+berör+Framtiden%3F", "/fragor", "/fragor?q=remiss", "/fragor?q=zzz",
         ANSWER, "/fragor/activities-involving-actor", "/fragor/findings",
         "/fragor/documents-valid-on?date=2018-06-01"]  # fmt: skip


@pytest.fixture(scope="module")
def client(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    """A client of the service over the shipped data."""
    with TestClient(create_app(graph, settings), raise_server_exceptions=False, headers={"Accept": "text/html"}) as client:
        yield client


def parsed(html: str) -> object:
    """The page, read by a parser that accepts no error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def in_language(path: str, language: str) -> str:
    """The address of `path` in that language."""
    return path if language == "sv" else path + ("&" if "?" in path else "?") + "lang=en"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed_and_its_frame_is_whole(client: TestClient, path: str, language: str) -> None:
    response = client.get(in_language(path, language))
    assert response.status_code == 200, response.text[:300]
    assert len(response.content) < HEAVIEST
    page = parsed(response.text)
    assert page.get("lang") == language  # type: ignore[attr-defined]
    elements = [element for element in page.iter() if isinstance(element.tag, str)]  # type: ignore[attr-defined]
    tags = [element.tag for element in elements]
    assert {"header", "nav", "main", "footer", "title"} <= set(tags)
    assert tags.count("h1") == tags.count("main") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels)), levels
    ids = [element.get("id") for element in elements if element.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    fields = [e for e in elements if e.tag in ("input", "select", "textarea") and e.get("type") not in ("hidden", "radio")]
    assert all(field.get("id") in labelled for field in fields)
    assert not [e for e in elements if e.get("style") or any(str(name).startswith("on") for name in e.attrib)]
    for reference in ("aria-labelledby", "aria-describedby", "list", "for"):
        assert all(set(e.get(reference).split()) <= set(ids) for e in elements if e.get(reference)), reference


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_to_itself_in_the_other_language_and_keeps_it(client: TestClient, path: str) -> None:
    english = parsed(client.get(in_language(path, "en")).text)
    links = [element.get("href") for element in english.iter("a")]  # type: ignore[attr-defined]
    inner = [link for link in links if link.startswith(("/fra", "/ns", "/id", "/?"))]
    assert inner and all("lang=en" in link for link in inner if not _is_other(english, link)), inner
    swedish = next(e.get("href") for e in english.iter("a") if e.get("hreflang") == "sv")  # type: ignore[attr-defined]
    assert client.get(swedish).status_code == 200 and "lang=" not in swedish


def _is_other(page: object, link: str) -> bool:
    return any(e.get("href") == link and e.get("hreflang") for e in page.iter("a"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", [path for path, _, _ in PLACES])
def test_every_way_in_is_there(client: TestClient, place: str) -> None:
    assert client.get(place).status_code == 200
    assert f'href="{place}"' in client.get("/").text


def test_every_question_has_a_page_whose_answers_are_light(client: TestClient, graph: Graph) -> None:
    assert len(CASES) == len(list(graph.questions))
    for path in CASES:
        given = max((case.get("given") or {} for case in yaml.safe_load(path.read_text("utf-8"))), key=len)
        response = client.get(f"/fragor/{path.stem}", params={name: str(value) for name, value in given.items()})
        assert response.status_code == 200, path.stem
        assert 'id="svar"' in response.text, path.stem
        assert len(response.content) < HEAVIEST, path.stem


def test_an_answer_shows_the_words_behind_each_row(client: TestClient, graph: Graph) -> None:
    page = parsed(client.get(ANSWER).text)
    table = next(page.iter("table"))  # type: ignore[attr-defined]
    rows = graph.answer("activities-involving-actor", {"actor": "framtiden"}).rows
    assert len(list(table.iter("tbody"))) == len(rows) > 3
    assert len(list(table.iter("blockquote"))) == sum(len(row.evidence) for row in rows)
    assert rows[0].evidence[0].quote in "".join(table.itertext())


def test_a_form_offers_what_is_in_the_data_and_keeps_what_was_chosen(client: TestClient) -> None:
    page = parsed(client.get(ANSWER).text)
    listed = [option.get("value") for option in next(page.iter("datalist")).iter("option")]  # type: ignore[attr-defined]
    assert "Byggnadsnämnden" in listed and len(listed) > 50
    field = next(e for e in page.iter("input") if e.get("name") == "actor")  # type: ignore[attr-defined]
    assert field.get("value") == "Förvaltnings AB Framtiden"
    documents = parsed(client.get("/fragor/document-facts").text)
    chosen = [option.text for option in next(documents.iter("select")).iter("option")]  # type: ignore[attr-defined]
    assert "Göteborgs Stads plan för en jämlik stad 2019-2022" in chosen


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "Inget i grafen heter ”framtidn”"), ("en", "Nothing in the graph is called")]
)
def test_an_unknown_name_is_told_at_its_field_with_the_nearest(client: TestClient, language: str, words: str) -> None:
    response = client.get("/fragor/activities-involving-actor", params={"actor": "framtidn", "lang": language})
    assert response.status_code == 404 and words in response.text
    page = parsed(response.text)
    field = next(e for e in page.iter("input") if e.get("name") == "actor")  # type: ignore[attr-defined]
    assert field.get("aria-invalid") == "true" and field.get("value") == "framtidn"
    near = [e for e in page.iter("a") if e.text == "Förvaltnings AB Framtiden"]  # type: ignore[attr-defined]
    assert client.get(near[0].get("href")).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/fragor/finns-inte", 404),
        ("/fragor/documents-valid-on?date=i+dag", 400),
        ("/fragor/activities-involving-actor?aktor=framtiden", 400),
        ("/fragor/activities-involving-actor.pdf?actor=framtiden", 404),
        ("/fragor.csv", 404),
        ("/finns-inte", 404),
        ("/static/finns-inte.css", 404),
        ("/fraga?q=" + "x" * 3000, 400),
        ("/fragor?" + "&".join(f"a{n}=1" for n in range(40)), 400),
    ],
)
def test_what_cannot_be_shown_is_a_page_that_says_why(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert 'role="alert"' in response.text
    parsed(response.text)


def test_what_is_written_in_an_address_is_escaped(client: TestClient) -> None:
    evil = '"><script>alert(1)</script>'
    for path in ("/fraga?", "/fragor?", "/fragor/activities-involving-actor?actor=x&"):
        text = client.get(path + urlencode({"q": evil, "actor": evil})).text
        assert "<script>" not in text
        parsed(text)


def test_the_catalogue_is_filtered_by_every_word(client: TestClient) -> None:
    found = re.findall(r'href="/fragor/([a-z-]+)"', client.get("/fragor?q=REMISS+fick").text)
    assert "who-was-consulted" in found and len(found) < 20
    assert "Ingen fråga har alla orden" in client.get("/fragor?q=remiss+zzz").text


def test_every_question_stands_in_one_theme(graph: Graph) -> None:
    for language in ("sv", "en"):
        found = themes(graph.questions, language)
        assert sorted(q.id for theme in found for q in theme.questions) == sorted(q.id for q in graph.questions)
        assert len({theme.title for theme in found}) == len(found) > 3


def test_a_long_answer_is_shown_in_parts_that_are_all_there(client: TestClient, graph: Graph) -> None:
    asked = {"document": "plan för en jämlik stad"}
    rows = graph.answer("duties-by-actor", asked).rows
    assert len(rows) > ROWS_OF_PAGE
    seen, address = 0, "/fragor/duties-by-actor?" + urlencode(asked)
    while address:
        page = parsed(client.get(address).text)
        seen += len(list(page.iter("tbody")))  # type: ignore[attr-defined]
        address = next((e.get("href") for e in page.iter("a") if e.get("rel") == "next"), "")  # type: ignore[attr-defined]
    assert seen == len(rows)


# What is taken along


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


def test_the_permanent_link_gives_the_same_answer(client: TestClient) -> None:
    by_name = client.get(ANSWER).text
    link = re.search(r'class="permanent" href="([^"]+)"', by_name)
    assert link and "id:goteborg/actor/" in link[1]
    assert client.get(link[1]).text == by_name


def _table(*cells: str, **more: object) -> Table:
    rows = tuple(AnswerRow({"a": Cell(Literal(text), text), "b": Cell(Literal("same"), "same")}, ()) for text in cells)
    return Table("Tabell", (Heading("a", "A"), Heading("b", "B")), rows, **more)  # type: ignore[arg-type]


def test_no_cell_runs_as_a_formula_in_a_spreadsheet() -> None:
    page = Page("question", Frame(path="/x"), {}, (_table("=1+1", "@SUM(A1)", "-2+3", "-5", "+46 31"),))
    lines = exports.as_csv(page).decode().splitlines()
    assert [line.split(";")[0] for line in lines[1:6]] == ["'=1+1", "'@SUM(A1)", "'-2+3", "-5", "'+46 31"]
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


# How an answer is arranged


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


def test_sections_without_an_answer_are_one_line(graph: Graph) -> None:
    asked = [
        section(graph, q, {"actor": "framtiden"}, "sv") for q in ("activities-involving-actor", "activities-by-responsible")
    ]
    shown, empties = answered(asked)
    assert ([one.anchor for one in shown], [one.anchor for one in empties]) == (
        ["activities-involving-actor"],
        ["activities-by-responsible"],
    )
    assert shown[0].table.rows == of_answer(shown[0].answer).rows
    assert shown[0].link == "/fragor/activities-involving-actor?actor=id:goteborg/actor/forvaltnings-ab-framtiden"


# What stands around


def test_a_frame_knows_its_addresses() -> None:
    frame = Frame("en", "/fragor/x", (("actor", "Hälsa & vård"),), address="https://exempel.se/")
    assert frame.here == "/fragor/x?actor=H%C3%A4lsa+%26+v%C3%A5rd&lang=en"
    assert frame.other == "/fragor/x?actor=H%C3%A4lsa+%26+v%C3%A5rd"
    assert frame.permanent == "https://exempel.se" + frame.here
    assert [link.label for link, under in frame.places if under] == ["Questions"]


def test_a_visit_gives_a_page_with_its_release_and_downloads(graph: Graph) -> None:
    visit = Visit(graph, "en", "/x", query={"a": "b"}, address="https://exempel.se/")
    page = visit.page("x", "Title", tables=[_table("1")], crumbs=[visit.crumb("Frågor", "Questions", "/fragor")])
    assert page.frame.crumbs == (Link("Questions", "/fragor?lang=en"),)
    assert [one.href for one in page.frame.downloads] == ["/x.csv?a=b&lang=en", "/x.xlsx?a=b&lang=en", "/x.json?a=b&lang=en"]
    assert page.frame.release == graph.release.manifest.name


def test_assets_are_kept_for_ever_under_an_address_that_is_theirs(client: TestClient) -> None:
    page = client.get("/").text
    for name in ("style.css", "page.js", "mark.svg"):
        assert f'"{assets.address(name)}"' in page
        response = client.get(assets.address(name))
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"].partition(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
        assert not re.search(rb"(?:@import|url\(|https?://(?!www\.w3\.org/2000/svg))", response.content), name


def test_a_page_that_the_client_has_is_not_made_again(client: TestClient) -> None:
    for path in ("/", "/fragor", ANSWER, "/fragor/activities-involving-actor.xlsx?actor=framtiden"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(path)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_the_start_page_tells_what_changed_since_the_release_before(graph: Graph, tmp_path: Path) -> None:
    folder = graph.release.folder
    lines = (folder / "addresses.txt").read_bytes().splitlines(keepends=True)
    skolan = next(line for line in lines if line.strip().endswith(b"/skolan-som-arena"))
    earlier = sorted({*lines, f"{BASE}id/goteborg/actor/borta\n".encode()} - {skolan})
    for number, content in (("1", earlier), ("2", lines)):
        (tmp_path / number).mkdir()
        (tmp_path / number / "addresses.txt").write_bytes(b"".join(content))
    (tmp_path / "1" / "manifest.json").write_bytes((folder / "manifest.json").read_bytes())
    told = changes.changes(Graph(graph.content, replace(graph.release, folder=tmp_path / "2")), "sv", graph.store)
    assert told and (told.new, told.gone, told.sources, told.any) == (1, 1, 0, True)
    assert [cell.text[:24] for cell in told.named] == ["Skolan som gemensam aren"]


# Contrast


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_read_against_its_ground_in_light_and_in_dark() -> None:
    style = assets.assets()["style.css"].body.decode()
    both = dict(re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", style))
    plain = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", style))
    assert len(both) == 10 and both.keys() == plain.keys()
    for place in (0, 1):
        colours = {name: pair.split(", ")[place] for name, pair in both.items()}
        assert place or colours == plain
        for ground in ("paper", "sheet", "wash", "mark"):
            for text in ("ink", "quiet", "accent"):
                assert _contrast(colours[text], colours[ground]) >= 4.5, (place, text, ground)
            assert _contrast(colours["edge"], colours[ground]) >= 3 or ground == "mark", (place, "edge", ground)
        assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5
    rest = style.partition("}\n}")[2]
    assert not re.search(r"#[0-9a-f]{3,6}\b", rest.partition("@media print")[0]), "colours stand in one place"
