"""The service over HTTP, as its users meet it."""

from __future__ import annotations

import csv
import io
from html import unescape

import pytest
from fastapi.testclient import TestClient

from graphsvc.errors import Overloaded, QueryTimeout, RemoteUnreachable
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.terms import sort_key
from graphsvc.web.errors import STATUS

QUESTION = "/api/questions/activities-involving-actor"


def test_framtiden_is_involved_by_name_and_through_the_group(client: TestClient) -> None:
    answer = client.get(QUESTION, params={"actor": "framtiden"}).json()
    assert answer["status"] == "answered"
    by_name = [row for row in answer["rows"] if row["role"]["label"] == "deltagande" and row["via"]["label"] == "direkt"]
    through = [row for row in answer["rows"] if row.get("through", {}).get("label") == "Kommunala bolag"]
    assert {row["activity"]["label"] for row in by_name} == {
        "Samverkan för jämlik tillgång till fungerande livsmiljöer och passande bostäder"
    }
    assert {row["activity"]["label"] for row in through} == {
        "Skolan som gemensam arena för samverkan kring barns rätt till goda och likvärdiga uppväxtvillkor",
        "Samlat agerande för en fungerande livsmiljö i Göteborgs prioriterade områden",
    }
    for row in by_name + through:
        assert row["status"]["label"] == "förslag"
        assert all(passage["quote"] and passage["source"]["label"] for passage in row["evidence"])
        assert row["evidence"]


def test_names_work_in_any_case_and_with_åäö(client: TestClient) -> None:
    for name in ("Byggnadsnämnden", "BYGGNADSNÄMNDEN", "byggnadsna\u0308mnden"):
        assert client.get(QUESTION, params={"actor": name}).json()["parameters"]["actor"]["label"] == "Byggnadsnämnden"


def test_an_unknown_name_gets_the_nearest(client: TestClient) -> None:
    response = client.get(QUESTION, params={"actor": "bygnadsnämden"})
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "Byggnadsnämnden" in [near["label"] for near in response.json()["suggestions"]]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/questions/finns-inte", 404),
        (QUESTION + "?aktor=framtiden", 400),
        (QUESTION + "?actor=framtiden&lang=de", 422),
        (QUESTION + "?actor=" + "x" * 400, 400),
        ("/api/questions/documents-valid-on?date=i+dag", 400),
        ("/api/questions/documents-valid-on?date=2020-13-01", 400),
        (QUESTION + "/choices/finns-inte", 400),
        ("/sparql?query=SELECT", 400),
        ("/sparql?query=ASK%7B%7D&format=pdf", 406),
        ("/sparql?query=", 400),
    ],
)
def test_bad_input_gets_a_clear_4xx(client: TestClient, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("path", "swedish", "english"),
    [
        ("/api/questions/finns-inte", "Det finns ingen fråga som heter ”finns-inte”", "No question is called “finns-inte”"),
        (
            QUESTION + "?aktor=x",
            "finns inte för frågan activities-involving-actor",
            "is not one of the question activities-i",
        ),
        (QUESTION + "?actor=+", "saknas (Aktör)", "is missing (Actor)"),
        (QUESTION + "?actor=bygnadsnamden", "heter ”bygnadsnamden” i grafen. Menade du", "in the graph. Did you mean"),
        (QUESTION + "?actor=" + "x" * 400, "högst 300 tecken", "at most 300 characters"),
        (
            QUESTION + "?actor=framtiden&format=pdf",
            "format: ska vara 'json', 'csv' eller",
            "format: must be 'json', 'csv' or",
        ),
        ("/api/questions/documents-valid-on?date=x", "är inget datum", "is no date"),
        ("/api/search?q=x&most=0", "most: ska vara minst 1", "most: must be at least 1"),
        ("/api/search?q=x&kind=Finnsinte", "är av slaget ”Finnsinte”", "is of the kind “Finnsinte”"),
        ("/api/ask", "q: saknas", "q: is missing"),
        ("/api/chains?from=framtiden", "to: saknas", "to: is missing"),
        ("/diagrams/finns-inte.svg", "Det finns ingen vy som heter", "No view is called"),
        ("/diagrams/finns-inte.gif", "Formatet ”gif” finns inte här", "There is no format “gif” here"),
        ("/diagrams/actor-surroundings.svg", "Parametern about: saknas (Aktör)", "The parameter about: is missing (Actor)"),
        ("/remiss/finns-inte.pdf", "Inget som kan vara document heter", "Nothing that can be document is called"),
        ("/aktor/goteborg/finns-inte", "Inget heter ”finns-inte” i grafen", "Nothing is called “finns-inte” in the graph"),
        ("/aktorer.pdf", "Sidan finns inte", "There is no such page"),
        ("/finns-inte", "Det finns inget på den adressen", "There is nothing at that address"),
        ("/id/finns-inte", "Inget i grafen har den här adressen", "Nothing in the graph has this address"),
        ("/sparql?query=SELECT+*+%7B", "{ stängs aldrig (rad 1, kolumn 10)", "{ is never closed (line 1, column 10)"),
        ("/sparql?query=", "Frågan är tom", "The query is empty"),
        ("/sparql?query=ASK%7BSERVICE+%3Cx%3A%3E%7B%7D%7D", "SERVICE är inte tillåtet", "SERVICE is not allowed"),
        ("/sparql?query=ASK%7B%7D&format=pdf", "Formatet ”pdf” finns inte", "There is no format “pdf” here"),
        ("/sparql?update=x", "Tjänsten kan bara läsas", "The service is read-only"),
    ],
)
def test_what_is_wrong_is_told_in_the_language_asked_for(client: TestClient, path: str, swedish: str, english: str) -> None:
    for language, words in (("sv", swedish), ("en", english)):
        asked = path + ("&" if "?" in path else "?") + f"lang={language}"
        problem, page = (client.get(asked, headers={"Accept": media}) for media in ("*/*", "text/html"))
        assert words in problem.json()["detail"]
        if not path.startswith(("/sparql", "/id")):  # where people are told on the page itself
            assert words in unescape(page.text)
            assert problem.headers["content-language"] == page.headers["content-language"] == language


def test_a_query_that_takes_too_long_or_finds_no_place_is_told_of_in_both_languages() -> None:
    assert QueryTimeout(10).told("en") == "The query took longer than 10 seconds and was ended. Limit it and try again."
    for error in (QueryTimeout(10), Overloaded(), RemoteUnreachable("http://x.example", "går inte att nå")):
        assert error.told("sv") == str(error) != error.told("en")
        assert not set("åäö") & set(error.told("en"))


def test_a_question_without_its_parameters_tells_what_it_needs(client: TestClient) -> None:
    told = client.get(QUESTION).json()
    assert [p["name"] for p in told["parameters"] if p["required"]] == ["actor"]
    labels = [choice["label"] for choice in client.get(QUESTION + "/choices/actor").json()]
    assert "Byggnadsnämnden" in labels and labels[-1] == "Älvstranden Utveckling AB"
    assert labels == sorted(labels, key=sort_key)


def test_csv_opens_in_excel_with_its_åäö(client: TestClient) -> None:
    response = client.get(QUESTION, params={"actor": "byggnadsnämnden", "format": "csv"})
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert any("Ansvar: byggnadsnämnden" in row["Citat"] for row in rows)


def test_every_question_is_listed_and_documented(client: TestClient) -> None:
    listed = client.get("/api/questions").json()
    assert len(listed) >= 50
    assert all(question["title"]["sv"] and question["title"]["en"] and question["sparql"] for question in listed)
    assert "/api/questions/{name}" in client.get("/openapi.json").json()["paths"]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
def test_sparql_by_get_and_post(client: TestClient, form: str) -> None:
    query = "SELECT ?n WHERE { ?x a styr:Plan ; rdfs:label ?n } ORDER BY ?n LIMIT 3"
    by_get = client.get("/sparql", params={"query": query, "format": form})
    by_form = client.post("/sparql", data={"query": query, "format": form})
    direct = client.post(f"/sparql?format={form}", content=query, headers={"content-type": "application/sparql-query"})
    assert by_get.status_code == 200
    assert by_get.content == by_form.content == direct.content


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/turtle", "text/turtle"),
        ("application/n-triples;q=0.9, text/turtle;q=0.1", "application/n-triples"),
        ("*/*", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_graphs_are_negotiated(client: TestClient, accept: str, media: str) -> None:
    response = client.get("/sparql", params={"query": "DESCRIBE styr:Activity"}, headers={"accept": accept})
    assert response.headers["content-type"].startswith(media)


def test_no_query_writes_reaches_out_or_reads_a_file(client: TestClient) -> None:
    for query in (
        "DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:9/>",
        "SELECT * { SERVICE <http://127.0.0.1:9/> {} }",
    ):
        assert client.get("/sparql", params={"query": query}).status_code in (400, 403)
    assert client.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 400
    body = client.get("/sparql", params={"query": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }", "format": "json"})
    assert body.json()["results"]["bindings"] == []


def test_a_body_over_the_limit_or_of_another_type_is_refused(client: TestClient, settings: Settings) -> None:
    big = {"query": "#" * (settings.request_bytes + 1)}
    assert client.post("/sparql", data=big).status_code == 413
    assert client.post("/sparql", content="ASK {}", headers={"content-type": "text/plain"}).status_code == 415


def test_the_whole_release_can_be_downloaded(client: TestClient, graph: Graph) -> None:
    assert len(client.get("/data.nq").content.splitlines()) == graph.release.manifest.counts["quads"]


def test_it_says_that_it_is_well_and_what_it_serves(client: TestClient, graph: Graph) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["release"] == graph.release.manifest.name


def test_the_ontology_is_a_page(client: TestClient) -> None:
    for language, word in (("sv", "Aktivitet"), ("en", "Activity")):
        page = client.get("/ns", params={"lang": language}).text
        assert f'lang="{language}"' in page
        assert word in page


def test_every_error_has_a_status() -> None:
    assert STATUS[-1][0].__name__ == "StyrgrafError"
    for position, (error, _, _) in enumerate(STATUS):
        assert not any(issubclass(error, before) for before, _, _ in STATUS[:position]), "hidden by one before it"
