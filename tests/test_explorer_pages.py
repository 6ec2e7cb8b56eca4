"""The exploring pages: gaps, the matrix, chains, comparisons and the SPARQL page; and what holds for every one."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from starlette.testclient import TestClient
from strict_html import checked, parsed

from graphsvc.graph import Graph
from graphsvc.markup import render
from graphsvc.namespaces import PREFIXES
from graphsvc.pages import comparison, gaps
from graphsvc.pages.duties import duties_of
from graphsvc.pages.frame import Visit
from graphsvc.pages.kept import kept, size_of
from graphsvc.terms import dashed, sort_key

PLAN = "id:goteborg/document/plan-for-en-jamlik-stad-2019-2022"
PROGRAMME = "id:goteborg/document/program-for-en-jamlik-stad-2018-2026"
BUILDING, FRAMTIDEN = "id:goteborg/actor/byggnadsnamnden", "id:goteborg/actor/forvaltnings-ab-framtiden"
HOSTILE = quote("\"><script>alert(1)</script>'")
SELECT = "/sparql?format=html&query=" + quote("SELECT ?a ?namn WHERE { ?a a styr:Activity ; rdfs:label ?namn }")
PAGES = {
    "/luckor": ["Berörd men inte tillfrågad", "Higab har uppgifter", "Att göra:", "Var står det?", "Komplettera sändlistan"],
    f"/luckor?document={PROGRAMME}": ["Källor som säger olika", "2018-01-25", "delaktighet, inflytande och tillit"],
    "/luckor?kind=disagreeing-sources": ["Två inlästa texter anger olika uppgifter"],
    "/matris": ["Göteborgs Stads plan för en jämlik stad 2019–2022"],
    f"/matris?document={PLAN}": ["ansvarig", "Byggnadsnämnden", "Antal aktiviteter", "Skolan som gemensam arena"],
    f"/matris?document={PLAN}&actor={FRAMTIDEN}&groups=yes": ["genom Kommunala bolag", "(inte föredraget)"],
    "/kedja": ["Ansvarskedjan för Göteborgs Stads plan"],
    f"/kedja?fran=framtiden&till={PROGRAMME}": ["samverkar i delprogrammet ”Samverkan med Framtiden”", "Kedja 2"],
    f"/kedja?om={BUILDING}": ["Byggnadsnämnden ansvarar för", "Uppåt: program, uppdrag och beslut", "Kommunfullmäktige"],
    f"/kedja?om={PLAN}&del=down": ["Nedåt: aktiviteter, uppgifter och aktörer", "Nästa"],
    "/bilder": ["Aktörens omgivning", "Remissen", "Till exempel"],
    f"/bilder?om={PLAN}": ["Vem som ansvarar och deltar"],
    f"/bild/actor-surroundings?about={BUILDING}": ["Stadsbyggnadskontoret", "Samma sak som tabell", "<svg", "Mermaid"],
    f"/bild/document-responsibilities?about={PLAN}&blad=2&role=role:responsible": ["Blad 2 av", "Ansvarig"],
    f"/bild/proposed-structure?about={PROGRAMME}": ["Inget inläst yttrande föreslår"],
    "/jamfor": ["Ena aktören", "Dokument"],
    f"/jamfor?a={BUILDING}": ["Jämför med någon i samma aktiviteter"],
    f"/jamfor?a={BUILDING}&b=framtiden": ["Båda", "Bara Byggnadsnämnden", "genom Kommunala bolag", "nämns själv"],
    f"/jamfor?document={PLAN}": ["Dokumentets egen indelning", "Utgår med sin del", "Målområde utan aktivitet"],
    "/sparql?example=findings": ["sh:focusNode", "Visa som SPARQL"],
    SELECT: ["Skolan som gemensam arena", "N-Quads", "Länk hit"],
}  # fmt: skip


@pytest.fixture(scope="module")
def client(client: TestClient) -> TestClient:
    """A client that asks for pages, as a browser does."""
    client.headers["Accept"] = "text/html"
    return client


def test_what_a_release_keeps_is_made_once_for_it(graph: Graph) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [kept(graph, "prov", make), kept(graph, "prov", make)] == [1, 1]
    assert kept(graph, "ett annat prov", make) == 2
    other = SimpleNamespace(content=graph.content, release=SimpleNamespace(manifest=SimpleNamespace(name="en annan utgåva")))
    assert kept(other, "prov", make) == 3  # type: ignore[arg-type]


def test_what_a_release_keeps_is_bounded_in_bytes(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    assert size_of({"a": ["å" * 1000] * 3}) == size_of({"a": ["å" * 1000]}) + 16
    monkeypatch.setattr("graphsvc.pages.kept._MOST_BYTES", 100_000)
    made = [kept(graph, ("stor", number), lambda: bytes(40_000)) for number in range(3)]
    again = [kept(graph, ("stor", number), lambda: b"") for number in (2, 1, 0)]
    assert again == [*made[:2], b""]


def _words(element: Any) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _with(path: str, more: str) -> str:
    return path + ("&" if "?" in path else "?") + more


@pytest.mark.parametrize("path", PAGES)
def test_a_page_tells_what_it_is_for(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:400]
    assert len(answer.content) < 150_000
    text = re.sub(r"\s+", " ", unescape(answer.text))
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    for words in PAGES[path]:
        assert words in plain or words in text, words


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_formed_in_both_languages(client: TestClient, path: str, language: str) -> None:
    page = checked(client.get(path if language == "sv" else _with(path, "lang=en")).text, language)
    elements = [one for one in page.iter() if isinstance(one.tag, str)]
    others = {one.get("href") for one in elements if one.get("hreflang")}
    inner = {one.get("href", "") for one in elements} - others
    own = [link for link in inner if re.match(r"/(luckor|matris|kedja|bild|jamfor)[^.?]*(\?|$)", link)]
    assert own and all(("lang=en" in link) == (language == "en") for link in own), own


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_ours_leads_somewhere(client: TestClient, path: str) -> None:
    page = parsed(client.get(path).text)
    links = {one.get("href") for one in page.iter("a") if (one.get("href") or "").startswith("/")}
    assert links
    heavy = re.compile(r"/(data|diagrams|sparql|bild/|kedja\?)|\.(xlsx|csv|json)")  # these have tests of their own
    for link in sorted(link for link in links if not heavy.match(link))[:60]:
        assert client.get(link, headers={"Accept": "text/html,*/*;q=0.8"}).status_code == 200, link
    anchors = {one.get("href")[1:] for one in page.iter("a") if (one.get("href") or "").startswith("#")}
    assert anchors <= {one.get("id") for one in page.iter() if isinstance(one.tag, str)}


GIVEN = [
    "/luckor?document={}",
    "/luckor?kind={}",
    "/matris?document={}",
    f"/matris?document={PLAN}&actor={{}}",
    "/matris?role={}&rows={}&columns={}",
    "/kedja?om={}",
    "/kedja?fran={}&till={}",
    f"/kedja?om={PLAN}&del={{}}",
    "/bilder?om={}",
    "/bild/timeline?about={}",
    f"/bild/timeline?about={PLAN}&role={{}}&blad={{}}",
    "/jamfor?a={}&b={}",
    "/jamfor?document={}",
    "/sparql?format=html&query={}",
    "/sparql?example={}",
]


@pytest.mark.parametrize("path", GIVEN)
def test_what_is_written_in_an_address_is_never_markup(client: TestClient, path: str) -> None:
    answer = client.get(path.replace("{}", HOSTILE))
    assert answer.status_code in (200, 400, 404)
    assert "<script>alert" not in answer.text
    parsed(answer.text)


@pytest.mark.parametrize("path", ["/kedja?om=", "/matris?actor=", "/jamfor?a=", "/bilder?om="])
def test_a_name_that_is_not_known_gets_the_nearest_one_click_away(client: TestClient, path: str) -> None:
    answer = client.get(path + quote("bygnadsnämnden"))
    assert answer.status_code == 404
    page = parsed(answer.text)
    near = [one.get("href") for one in page.iter("a") if _words(one) == "Byggnadsnämnden"]
    assert near
    assert client.get(near[0]).status_code == 200


def test_the_gaps_are_the_findings_of_the_release(client: TestClient, graph: Graph) -> None:
    told = client.get("/luckor.json").json()["tables"][0]["rows"]
    findings = {row.cells["message"].text for row in graph.answer("findings", {}).rows}
    assert {row["cells"]["message"]["value"] for row in told} == findings
    assert len({row["cells"]["kind"]["value"] for row in told}) >= 5
    of_plan = client.get(f"/luckor.json?document={PLAN}").json()["tables"][0]["rows"]
    assert 0 < len(of_plan) < len(told)
    assert "Nobody" not in client.get("/luckor").text
    assert "but was not consulted on it" in client.get("/luckor?lang=en").text


def test_the_gaps_of_a_document_are_the_same_read_by_themselves_and_chosen_from_all(graph: Graph) -> None:
    visit = Visit(graph, "sv", "/luckor")
    every = gaps._read(visit, "")
    documents = {cell.term.value for gap in every.gaps for cell in gap.documents}
    assert len(documents) > 2
    for iri in documents:
        assert gaps._read(visit, iri).gaps == gaps._of_document(every, visit, iri).gaps


def test_where_too_many_documents_have_gaps_one_is_written_not_chosen(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def shown() -> str:
        page = gaps.page(Visit(graph, "sv", "/luckor"))
        return render(page.template, "sv", frame=page.frame, **page.values)

    assert '<select id="val-document"' in shown()
    monkeypatch.setattr(gaps, "MOST_CHOICES", 1)
    assert '<input id="val-document"' in shown() and '<select id="val-document"' not in shown()


def test_every_kind_of_gap_says_what_it_means_and_what_to_do(client: TestClient) -> None:
    for language in ("sv", "en"):
        page = parsed(client.get("/luckor", params={"lang": language}).text)
        kinds = [one for one in page.iter("section") if one.get("class") == "gaps"]
        assert kinds
        for kind in kinds:
            said = {one.get("class"): _words(one) for one in kind.iter("p") if one.get("class")}
            assert len(said["gap-kind"]) > 30
            assert len(said["gap-advice"]) > 20


def _matrix(html: str) -> tuple[list[str], dict[str, list[str]]]:
    """The names above the columns, and the letters of each line by its activity."""
    table = next(one for one in parsed(html).iter("table") if one.get("class") == "grid")
    heads = [_words(one) for one in table.find("thead").iter("th")][1:-1]
    lines = {}
    for row in table.find("tbody").iter("tr"):
        cells = list(row.iter("td"))
        lines[_words(row.find("th"))] = [" ".join(_words(one) for one in cell.iter("abbr")) for cell in cells[:-1]]
    return heads, lines


def test_the_matrix_says_what_the_questions_say(client: TestClient, graph: Graph) -> None:
    heads, lines = _matrix(client.get(f"/matris?document={PLAN}").text)
    assert heads == sorted(heads, key=sort_key)
    answer = graph.answer("activities-by-responsible", {"actor": "byggnadsnämnden"})
    expected = {row.cells["activity"].text for row in answer.rows if "through" not in row.cells}
    column = heads.index("Byggnadsnämnden")
    found = {activity for activity, letters in lines.items() if "A" in letters[column].split()}
    assert found and found == expected & set(lines)


def test_the_matrix_is_filtered_and_sorted(client: TestClient) -> None:
    every, all_lines = _matrix(client.get(f"/matris?document={PLAN}").text)
    heads, lines = _matrix(client.get(f"/matris?document={PLAN}&actor={BUILDING}").text)
    assert heads[0] == "Byggnadsnämnden" and len(lines) < len(all_lines)
    assert all(letters[0] for letters in lines.values())
    _, responsible = _matrix(client.get(f"/matris?document={PLAN}&role=responsible").text)
    assert {letter for letters in responsible.values() for one in letters for letter in one.split()} == {"A"}
    wider, _ = _matrix(client.get(f"/matris?document={PLAN}&groups=yes").text)
    assert set(every) < set(wider) and "Boplats Väst" in set(wider) - set(every)
    _, named = _matrix(client.get(f"/matris?document={PLAN}&rows=name").text)
    assert list(named) == sorted(named, key=sort_key)
    _, counted = _matrix(client.get(f"/matris?document={PLAN}&rows=number&columns=number").text)
    totals = [sum(map(bool, letters)) for letters in counted.values()]
    assert totals == sorted(totals, reverse=True)


def test_every_mark_of_the_matrix_has_its_words(graph: Graph) -> None:
    duties = duties_of(graph, PREFIXES["id"] + PLAN.removeprefix("id:"), "sv")
    parts = [part for duty in duties for part in duty.parts]
    assert len(parts) > 50
    assert all(part.passages for part in parts)
    assert all(part.through for part in parts if not part.direct)


def test_the_matrix_as_files_is_the_matrix_that_is_shown(client: TestClient) -> None:
    path = f"?document={PLAN}&role=responsible"
    heads, lines = _matrix(client.get("/matris" + path).text)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/matris.xlsx" + path).content))
    sheet = book.worksheets[0]
    assert [sheet.cell(1, column).value for column in range(3, len(heads) + 3)] == heads
    found = {sheet.cell(row, 1).value: [sheet.cell(row, column).value or "" for column in range(3, len(heads) + 3)]
             for row in range(2, len(lines) + 2)}  # fmt: skip
    assert found == lines
    told = client.get("/matris.csv" + path).text.lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(told), delimiter=";"))
    assert rows[1][2 : len(heads) + 2] == heads
    assert any("Ansvar: byggnadsnämnden" in cell for row in rows for cell in row), "the passages come along"


def test_a_chain_as_a_file_has_the_steps_that_are_shown(client: TestClient) -> None:
    path = f"?fran=framtiden&till={PROGRAMME}"
    page = parsed(client.get("/kedja" + path).text)
    shown = [
        _words(one.find("p")) for steps in page.iter("ol") if steps.get("class") == "steps" for one in steps.findall("li")
    ]
    told = client.get("/kedja.json" + path).json()
    assert [dashed(row["cells"]["sentence"]["value"]) for table in told["tables"] for row in table["rows"]] == shown
    assert len(told["tables"]) > 1 and told["release"]


def test_a_part_of_a_long_chain_is_shown_whole_page_by_page(client: TestClient) -> None:
    whole = client.get(f"/kedja.json?om={PLAN}&del=down").json()["tables"][0]["rows"]
    seen, link = 0, f"/kedja?om={PLAN}&del=down"
    for _ in range(20):
        answer = client.get(link)
        assert len(answer.content) < 150_000
        page = parsed(answer.text)
        seen += len(list(page.iter("tbody")))
        after = [one.get("href") for one in page.iter("a") if one.get("rel") == "next"]
        if not after:
            break
        link = after[0]
    assert seen == len(whole) > 100


def test_two_that_do_not_hang_together_and_one_with_itself_are_told_of(client: TestClient) -> None:
    same = client.get("/kedja?fran=framtiden&till=framtiden")
    assert same.status_code == 200 and 'class="empty"' in same.text


def test_two_actors_are_compared_as_the_question_does(client: TestClient, graph: Graph) -> None:
    tables = client.get(f"/jamfor.json?a={BUILDING}&b={FRAMTIDEN}").json()["tables"]
    shared = {row["cells"]["activity"]["label"] for row in tables[0]["rows"]}
    asked = graph.answer("activities-shared-by-two-actors", {"first": "byggnadsnämnden", "second": "framtiden"})
    assert shared == {row.cells["activity"].text for row in asked.rows}
    both = {row["cells"]["activity"]["label"] for table in tables[1:] for row in table["rows"]}
    assert both and not both & shared


def test_a_long_comparison_shows_its_first_rows_and_says_where_the_others_are(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "_MOST_ROWS", 1)
    query = {"a": BUILDING, "b": "id:goteborg/actor/grundskolenamnden"}
    page = comparison.page(Visit(graph, "sv", "/jamfor", query=query))
    shared = page.tables[0].rows
    told = parsed(render(page.template, "sv", frame=page.frame, **page.values))
    both = next(e for e in told.iter("section") if e.get("aria-labelledby") == "bada")
    assert len(list(both.iter("tbody"))) == 1 < len(shared)
    assert f"{len(shared) - 1} rader till står i filerna" in "".join(both.itertext())


def test_two_structures_are_compared_as_the_question_does(client: TestClient, graph: Graph) -> None:
    tables = client.get(f"/jamfor.json?document={PLAN}").json()["tables"]
    answer = graph.answer("dropped-moved-unplaced", {"document": "plan för en jämlik stad"})
    assert sum(len(table["rows"]) for table in tables) == len(answer.rows)
    page = parsed(client.get(f"/jamfor?document={PLAN}").text)
    heaps = {_words(one.find("h3")) for one in page.iter("div") if one.get("class") == "heap"}
    assert any("delaktighet, inflytande och tillit" in heap and "Målområde utan aktivitet" in heap for heap in heaps)


def test_the_sparql_page_shows_the_answer_and_where_a_fault_is(client: TestClient) -> None:
    page = parsed(client.get(SELECT).text)
    rows = list(next(one for one in page.iter("table")).find("tbody").iter("tr"))
    assert len(rows) > 10
    links = [one.get("href") for one in page.iter("a") if "format=csv" in (one.get("href") or "")]
    taken = client.get(links[0]).text.strip().splitlines()
    assert len(taken) - 1 == len(rows)
    fault = client.get("/sparql?format=html&query=" + quote("SELECT *\nWHERE { ?a aa ?b }"))
    assert fault.status_code == 400
    wrong = parsed(fault.text)
    assert _words(next(wrong.iter("mark"))) == "aa"
    assert "rad 2, kolumn 12" in _words(wrong)
    assert (
        "line 2, column 12" in client.get("/sparql?format=html&lang=en&query=" + quote("SELECT *\nWHERE { ?a aa ?b }")).text
    )


@pytest.mark.parametrize(("query", "words"), [("ASK { ?a a styr:Activity }", "Ja"), ("ASK { ?a a styr:Finnsinte }", "Nej"),
                                              ("SELECT ?a { ?a a styr:Finnsinte }", "Inga rader"),
                                              ("CONSTRUCT { ?a a styr:Activity } WHERE { ?a a styr:Activity }", "N-Triples"),
                                              ("SELECT ?a ?b ?c { ?a ?b ?c }", "visar bara början")])  # fmt: skip
def test_the_sparql_page_answers_every_form(client: TestClient, query: str, words: str) -> None:
    answer = client.get("/sparql", params={"query": query, "format": "html"})
    assert answer.status_code == 200 and len(answer.content) < 150_000
    assert words in unescape(answer.text)
    parsed(answer.text)


def test_every_named_question_is_an_example_that_runs(client: TestClient, graph: Graph) -> None:
    page = parsed(client.get("/sparql").text)
    offered = {one.get("value") for one in page.find(".//select[@id='example']").iter("option")}
    assert offered == {question.id for question in graph.questions}
    example = parsed(client.get("/sparql?example=activities-of-document").text).find(".//textarea").text
    assert "#+" not in example
    assert client.get("/sparql", params={"query": example, "format": "html"}).status_code == 200
