"""The pages for readers: well formed, light, in two languages, and the same to read and to take along."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
import yaml
from fastapi.testclient import TestClient
from strict_html import checked, parsed

from graphsvc.graph import Graph
from graphsvc.markup import render
from graphsvc.markup.frame import PLACES, Link
from graphsvc.namespaces import BASE
from graphsvc.pages import changes, fields, lists, questions
from graphsvc.pages.frame import Page, Visit
from graphsvc.pages.questions import themes
from graphsvc.pages.tables import ROWS_OF_PAGE, Table

ROOT = Path(__file__).parent.parent
CASES = sorted((ROOT / "tests" / "queries" / "questions").glob("*.yaml"))
HEAVIEST = 150_000
ANSWER = "/fragor/activities-involving-actor?actor=framtiden"
PAGES = ["/", "/fraga", "/fraga?q=Vilka+aktiviteter+berör+Framtiden%3F", "/fragor", "/fragor?q=remiss", "/fragor?q=zzz",
         ANSWER, "/fragor/activities-involving-actor", "/fragor/findings",
         "/fragor/documents-valid-on?date=2018-06-01"]  # fmt: skip


def in_language(path: str, language: str) -> str:
    """The address of `path` in that language."""
    return path if language == "sv" else path + ("&" if "?" in path else "?") + "lang=en"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed_and_its_frame_is_whole(client: TestClient, path: str, language: str) -> None:
    response = client.get(in_language(path, language))
    assert response.status_code == 200, response.text[:300]
    assert len(response.content) < HEAVIEST
    checked(response.text, language)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_to_itself_in_the_other_language_and_keeps_it(client: TestClient, path: str) -> None:
    english = parsed(client.get(in_language(path, "en")).text)
    links = [element.get("href") for element in english.iter("a")]
    inner = [link for link in links if link.startswith(("/fra", "/ns", "/id", "/?"))]
    assert inner and all("lang=en" in link for link in inner if not _is_other(english, link)), inner
    swedish = next(e.get("href") for e in english.iter("a") if e.get("hreflang") == "sv")
    assert client.get(swedish).status_code == 200 and "lang=" not in swedish


def _is_other(page: object, link: str) -> bool:
    return any(e.get("href") == link and e.get("hreflang") for e in page.iter("a"))


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
    table = next(page.iter("table"))
    rows = graph.answer("activities-involving-actor", {"actor": "framtiden"}).rows
    assert len(list(table.iter("tbody"))) == len(rows) > 3
    assert len(list(table.iter("blockquote"))) == sum(len(row.evidence) for row in rows)
    assert rows[0].evidence[0].quote in "".join(table.itertext())


def test_a_form_offers_what_is_in_the_data_and_keeps_what_was_chosen(client: TestClient) -> None:
    page = parsed(client.get(ANSWER).text)
    listed = [option.get("value") for option in next(page.iter("datalist")).iter("option")]
    assert "Byggnadsnämnden" in listed and len(listed) > 50
    field = next(e for e in page.iter("input") if e.get("name") == "actor")
    assert field.get("value") == "Förvaltnings AB Framtiden"
    documents = parsed(client.get("/fragor/document-facts").text)
    chosen = [option.text for option in next(documents.iter("select")).iter("option")]
    assert "Göteborgs Stads plan för en jämlik stad 2019–2022" in chosen, "readers see a dash between years"


@pytest.mark.parametrize(
    ("language", "words"), [("sv", "Inget av det slaget heter ”framtidn”"), ("en", "Nothing of that kind is called")]
)
def test_an_unknown_name_is_told_at_its_field_with_the_nearest(client: TestClient, language: str, words: str) -> None:
    response = client.get("/fragor/activities-involving-actor", params={"actor": "framtidn", "lang": language})
    assert response.status_code == 404 and words in response.text
    page = parsed(response.text)
    field = next(e for e in page.iter("input") if e.get("name") == "actor")
    assert field.get("aria-invalid") == "true" and field.get("value") == "framtidn"
    near = [e for e in page.iter("a") if e.text == "Förvaltnings AB Framtiden"]
    assert client.get(near[0].get("href")).status_code == 200


def test_a_name_that_many_have_is_told_with_how_many_and_the_first_of_them(client: TestClient) -> None:
    count = next(
        number for number in range(2, 99) if f"kan betyda {number} saker" in client.get("/kedja?om=uppföljning").text
    )
    with patch.object(fields, "_MOST_NEAR", 1):
        page = parsed(client.get("/kedja?om=uppföljning&x=1").text)
    near = next(e for e in page.iter("p") if e.get("class") == "near")
    assert len(list(near.iter("a"))) == 1 < count


def test_a_question_about_more_than_can_be_chosen_among_waits_for_a_choice(client: TestClient) -> None:
    asked = {"document": "plan för en jämlik stad"}
    with patch.object(questions, "_choices", return_value=()):
        open_page, chosen = client.get("/fragor/most-duties?x="), client.get("/fragor/most-duties", params=asked)
    assert "Välj vad frågan ska gälla" in open_page.text and "<table" not in open_page.text
    assert "Välj vad frågan ska gälla" not in chosen.text and "<table" in chosen.text


def test_a_list_says_when_words_find_more_than_it_shows(graph: Graph) -> None:
    def shown(words: str) -> str:
        made = lists.PAGES["/aktorer"](Visit(graph, "sv", "/aktorer", query={"q": words}))
        assert isinstance(made, Page)
        return render(made.template, "sv", frame=made.frame, **made.values)

    assert "Skriv fler ord" not in shown("byggnadsnämnden")
    with patch.object(lists, "_MOST_FOUND", 2):
        assert "visar 2. Skriv fler ord" in re.sub(r"\s+", " ", shown("nämnden"))


@pytest.mark.parametrize("name", ["self", "path", "field", "query"])
def test_a_parameter_of_any_name_is_only_a_parameter(client: TestClient, name: str) -> None:
    assert client.get("/kedja", params={"fran": "framtidn", "till": "polisen", name: "1"}).status_code == 404


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
    response = client.get(path, headers={"Accept": "text/html"})
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
        seen += len(list(page.iter("tbody")))
        address = next((e.get("href") for e in page.iter("a") if e.get("rel") == "next"), "")
    assert seen == len(rows)


def test_the_permanent_link_gives_the_same_answer(client: TestClient) -> None:
    by_name = client.get(ANSWER).text
    link = re.search(r'class="permanent" href="([^"]+)"', by_name)
    assert link and "id:goteborg/actor/" in link[1]
    assert client.get(link[1]).text == by_name


def test_a_visit_gives_a_page_with_its_release_and_downloads(graph: Graph) -> None:
    visit = Visit(graph, "en", "/x", query={"a": "b"}, address="https://exempel.se/")
    page = visit.page("x", "Title", tables=[Table("T", (), ())], crumbs=[visit.crumb("Frågor", "Questions", "/fragor")])
    assert page.frame.crumbs == (Link("Questions", "/fragor?lang=en"),)
    assert [one.href for one in page.frame.downloads] == ["/x.csv?a=b&lang=en", "/x.xlsx?a=b&lang=en", "/x.json?a=b&lang=en"]
    assert page.frame.release == graph.release.manifest.name


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
