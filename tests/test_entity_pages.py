"""The pages of actors, documents, parts of documents and source texts, and the lists of them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from strict_html import checked, parsed

from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.graph import Graph
from graphsvc.markup import render
from graphsvc.pages.frame import Page, Visit
from graphsvc.pages.things import thing
from graphsvc.questions.catalogue import Catalogue
from graphsvc.questions.overviews import overviews
from graphsvc.terms import sort_key

PLAN = "/dokument/goteborg/plan-for-en-jamlik-stad-2019-2022"
PROGRAMME = "/dokument/goteborg/program-for-en-jamlik-stad-2018-2026"
PAGES = {
    "/aktor/goteborg/forvaltnings-ab-framtiden": ["Kommunala bolag", "genom grupp", "i samverkan"],
    "/aktor/goteborg/byggnadsnamnden": ["Ansvarar för", "Samverkan för jämlik tillgång till fungerande livsmiljöer"],
    "/aktor/sverige/delegationen-mot-segregation": ["Delegationen mot segregation"],
    PLAN: ["förslag", "Ansvarsmatris", "Fick remissen", "Luckor och varningar"],
    PROGRAMME: ["antagen", "Målområden", "2018-01-18"],
    f"{PLAN}/skolan-som-arena": ["Grundskolenämnden", "Kommunala bolag", "Ur"],
    f"{PROGRAMME}/hallbara-och-jamlika-livsmiljoer": ["Strategier"],
    "/kalla/goteborg/artikel-jamlikt-goteborg-2018": ["Vad källan säger"],
    "/aktorer": ["Byggnadsnämnden", "Förvaltnings AB Framtiden"],
    "/dokument": ["Göteborgs Stads plan för en jämlik stad", "förslag"],
    "/aktiviteter": ["Skolan som gemensam arena"],
    "/kallor": ["protokoll"],
}


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_tells_what_matters(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    text = re.sub(r"\s+", " ", _words(answer.text))
    for words in PAGES[path]:
        assert words in text, words
    assert len(answer.content) < 150_000


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_page_is_well_formed_in_both_languages(client: TestClient, path: str, language: str) -> None:
    checked(client.get(path, params={"lang": language}).text, language)


def test_of_what_very_much_points_at_only_some_is_asked_for_and_that_is_told(graph: Graph) -> None:
    path = "/aktor/goteborg/forvaltnings-ab-framtiden"
    bounded = Graph(graph.content, graph.release)
    actor = next(plan for plan in graph.overviews if plan.id == "actor")
    few = replace(actor, sections=tuple(replace(one, most=2) for one in actor.sections))
    bounded.__dict__["overviews"] = (few,)
    whole, part = (thing(Visit(one, "sv", path)) for one in (graph, bounded))
    assert isinstance(whole, Page) and isinstance(part, Page)
    assert not any(table.cut for table in whole.tables) and "minst" not in _rendered(whole)
    rows = {table.question: len(table.rows) for table in whole.tables}
    cut = {table.question: table for table in part.tables if table.cut}
    assert set(cut) == {question for question, count in rows.items() if count > 2} and len(cut) > 2
    assert all(len(table.rows) <= 2 and table.link in _rendered(part) for table in cut.values())
    assert ("Rader", "bara några av dem; frågan har alla") in next(iter(cut.values())).parameters, "a file says so too"
    assert "minst 2" in _rendered(part)


def _rendered(page: Page) -> str:
    return unescape(render(page.template, "sv", frame=page.frame, **page.values))


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_ours_leads_somewhere(client: TestClient, path: str) -> None:
    links = set(re.findall(r'href="(/[^"#]*)"', client.get(path).text))
    assert links
    for link in sorted(links):
        answer = client.get(unescape(link), headers={"Accept": "text/html,*/*;q=0.8"})
        assert answer.status_code == 200, (link, answer.status_code)


@pytest.mark.parametrize(
    ("language", "title", "support", "asks"),
    [
        ("sv", "Underlag och stöd", "Jämlikhetsrapporten 2017", "Var står det?"),
        ("en", "Reports and support", "Equality report 2017", "Where does it say so?"),
    ],
)
def test_a_document_tells_what_it_rests_on_and_where_it_says_so(
    client: TestClient, language: str, title: str, support: str, asks: str
) -> None:
    sections = parsed(client.get(PLAN, params={"lang": language}).text).iter("section")
    part = next(one for one in sections if one.get("aria-labelledby") == "supporting-documents")
    told = " ".join(part.itertext())
    for words in (title, support, asks, "Jämlikhetsrapport 2017"):
        assert words in told, words


@pytest.mark.parametrize("path", PAGES)
def test_no_column_of_a_page_is_empty(client: TestClient, path: str) -> None:
    for table in parsed(client.get(path).text).iter("table"):
        rows = [[cell.get("class") != "none" for cell in row] for row in table.iter("tr") if row.find("td") is not None]
        told = [row for row in rows if len(row) > 1 or not table.findall("tbody/tr[@class='why']")]
        assert all(any(column) for column in zip(*told, strict=True)), table.get("aria-labelledby")


def test_a_long_page_begins_with_the_ways_to_its_parts(client: TestClient) -> None:
    page = parsed(client.get(PLAN).text)
    ways = [one for one in page.iter("nav") if one.get("aria-labelledby") == "pa-sidan"]
    parts = [one.get("aria-labelledby") for one in page.iter("section") if one.get("class") is None]
    assert len(ways) == 1 and len(parts) > 5
    assert ["#kallan", *(link.get("href") for link in ways[0].iter("a"))] == [f"#{part}" for part in parts]
    assert "pa-sidan" not in client.get("/kalla/goteborg/artikel-jamlikt-goteborg-2018").text


def test_an_english_page_marks_what_is_only_told_in_swedish(client: TestClient) -> None:
    page = parsed(client.get(PLAN, params={"lang": "en"}).text)
    lead = next(one for one in page.iter("p") if one.get("class") == "lead")
    assert [(one.get("lang"), one.get("class")) for one in lead.iter("span")] == [("sv", None), (None, "language")]


def test_an_actors_names_are_those_of_registers_and_sources_not_what_only_helps_a_search(client: TestClient) -> None:
    names = {}
    for slug in ("grundskolenamnden", "forvaltnings-ab-framtiden"):
        sections = parsed(client.get(f"/aktor/goteborg/{slug}").text).iter("section")
        part = next(one for one in sections if one.get("aria-labelledby") == "names-of-actor")
        names[slug] = " ".join(" ".join(part.itertext()).split())
    assert "felstavning i källan" in names["grundskolenamnden"] and "”Gundskolenämnden”" in names["grundskolenamnden"]
    assert "Förvaltning AB Framtiden" in names["forvaltnings-ab-framtiden"]
    assert "bostadsbolaget" not in names["forvaltnings-ab-framtiden"]


def test_what_is_shown_can_be_taken_along(client: TestClient) -> None:
    taken = client.get("/aktor/goteborg/byggnadsnamnden.csv")
    assert taken.status_code == 200
    rows = list(csv.reader(io.StringIO(taken.text.lstrip("\ufeff")), delimiter=";"))
    assert any("Samverkan för jämlik tillgång till fungerande livsmiljöer och passande bostäder" in row for row in rows)
    assert client.get("/aktor/goteborg/byggnadsnamnden.xlsx").content.startswith(b"PK")
    assert client.get("/aktorer.json").json()


def test_a_thing_without_a_page_of_its_own_leads_to_its_data(client: TestClient) -> None:
    assert client.get(f"{PROGRAMME}/ett-som-inte-finns").status_code == 404
    strategy = client.get(f"{PROGRAMME}/arbetsgivarrollen", follow_redirects=False)
    place = PROGRAMME.replace("/dokument/goteborg", "/id/goteborg/document")
    assert (strategy.status_code, strategy.headers["location"]) == (303, f"{place}/arbetsgivarrollen.html")


def test_an_actor_that_is_not_there_gets_the_nearest(client: TestClient) -> None:
    answer = client.get("/aktor/goteborg/bygnadsnamnden", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert "Byggnadsnämnden" in answer.text


def test_what_is_near_a_name_that_is_none_leads_to_what_it_is(client: TestClient) -> None:
    for path, near in (
        ("/bild/document-responsibilitie", "/bild/document-responsibilities"),
        ("/fragor/names-of-actors", "/fragor/names-of-actor"),
    ):
        answer = client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert f'href="{near}"' in answer.text


def test_a_list_is_found_in_by_any_word(client: TestClient) -> None:
    text = client.get("/aktorer", params={"q": "BYGG nämnd"}).text
    assert "Byggnadsnämnden</a>" in text
    assert "Kulturnämnden</a>" not in text
    assert "Ingen heter så" in client.get("/aktorer", params={"q": "<script>qqxxzz"}).text


def test_things_are_listed_once_under_their_narrowest_kind_in_swedish_order(client: TestClient) -> None:
    sections = parsed(client.get("/aktorer").text).iter("section")
    listed = {one.find("h2").text.strip(): [item.find("a").text for item in one.iter("li")] for one in sections}
    assert list(listed) == sorted(listed, key=sort_key)
    for names in listed.values():
        assert names == sorted(names, key=sort_key)
    assert listed["kommunalt bolag"][-1] == "Älvstranden Utveckling AB"
    assert "Byggnadsnämnden" in listed["nämnd"]
    rows = client.get("/aktorer.json").json()["tables"][0]["rows"]
    assert sorted(name for names in listed.values() for name in names) == sorted(r["cells"]["thing"]["label"] for r in rows)
    assert len({row["cells"]["thing"]["iri"] for row in rows}) == len(rows)


@pytest.mark.parametrize(
    "plan",
    [
        "title: {sv: a, en: a}",
        "of: x:Actor\nparameter: actor\ntitle: {sv: a, en: a}\nsections: []",
        "of: styr:Actor\nparameter: actor\ntitle: {sv: a, en: a}\nsections: [{question: finns-inte}]",
        "of: styr:Actor\nparameter: actor\ntitle: {sv: a, en: a}\nsections: [{question: names-of-actor, columns: [fel]}]",
    ],
)
def test_an_overview_that_cannot_be_used_names_its_file(content: Content, tmp_path: Path, plan: str) -> None:
    for folder in ("ontology", "data", "shapes"):
        (tmp_path / folder).symlink_to(content.root / folder)
    (tmp_path / "queries" / "overviews").mkdir(parents=True)
    (tmp_path / "queries" / "questions").symlink_to(content.root / "queries" / "questions")
    (tmp_path / "queries" / "overviews" / "aktör.yaml").write_text(plan, "utf-8")
    with pytest.raises(BadFile, match=r"aktör\.yaml"):
        overviews(Content(tmp_path), Catalogue(content))
