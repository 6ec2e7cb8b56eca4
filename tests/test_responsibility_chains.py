"""Responsibility chains, overviews of actors and documents, and how the command line and the service give them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient

from graphsvc import headers
from graphsvc.chains import ResponsibilityChain, present, responsibility, tracing
from graphsvc.chains.kinds import Kinds
from graphsvc.chains.summary import summary, summary_json, summary_text
from graphsvc.cli import cli
from graphsvc.content import Content
from graphsvc.errors import BadFile, UnknownName
from graphsvc.graph import Graph
from graphsvc.namespaces import shorten
from graphsvc.settings import Settings
from graphsvc.web.app import create_app

ID = "https://w3id.org/styrgraf/id/"
PLAN = f"{ID}goteborg/document/plan-for-en-jamlik-stad-2019-2022"
PROGRAMME = f"{ID}goteborg/document/program-for-en-jamlik-stad-2018-2026"
SCHOOL = f"{PLAN}/skolan-som-arena"
RESPONSE = f"{ID}goteborg/document/yttrande-stadshus-plan-jamlik-stad"
FRAMTIDEN = f"{ID}goteborg/actor/forvaltnings-ab-framtiden"
BUILDING = f"{ID}goteborg/actor/byggnadsnamnden"

Run = Callable[..., Result]


@pytest.fixture
def run(graph: Graph, settings: Settings) -> Run:
    """Runs the command line over the shipped content's release."""
    return lambda *arguments: CliRunner().invoke(cli, ["--workspace", str(settings.workspace), *arguments])


@pytest.fixture(scope="module")
def client(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    """A client of the service over the shipped data."""
    with TestClient(create_app(graph, settings), raise_server_exceptions=False) as client:
        yield client


def _told(chain: ResponsibilityChain, part: str) -> set[tuple[str, str]]:
    return {(step.kind, step.end.iri) for step in getattr(chain, part)}


def test_an_activity_leads_up_to_the_decision_down_to_its_actors_and_across_to_the_response(graph: Graph) -> None:
    chain = responsibility(graph, SCHOOL)
    assert chain.duties == ()
    assert {
        ("isPartOf", PLAN),
        ("realises", PROGRAMME),
        ("resultsIn", f"{ID}goteborg/assignment/plan-for-jamlik-stad"),
        ("givenBy", f"{ID}goteborg/actor/kommunfullmaktige"),
        ("decides", f"{ID}goteborg/decision/program-for-en-jamlik-stad"),
        ("decidedBy", f"{ID}goteborg/actor/kommunfullmaktige"),
    } <= _told(chain, "up")
    assert {
        ("responsible", f"{ID}goteborg/actor/grundskolenamnden"),
        ("participating", BUILDING),
    } <= _told(chain, "down")
    assert any(step.kind == "isPartOf" and step.end.kind_label == "deluppgift" for step in chain.down)
    assert {("respondsTo", RESPONSE), ("respondent", f"{ID}goteborg/actor/goteborgs-stadshus-ab")} <= _told(chain, "across")
    assert ("consulted", FRAMTIDEN) in _told(chain, "across")


def test_an_actor_has_its_own_duties_and_those_through_its_groups(graph: Graph) -> None:
    chain = responsibility(graph, FRAMTIDEN)
    through = {(step.start.label, step.relation, step.end.iri) for step in chain.duties if step.depth == 1}
    assert ("Kommunala bolag", "deltar i", SCHOOL) in through
    own = {(step.relation, step.end.iri) for step in chain.duties if step.depth == 0 and step.kind != "memberOf"}
    assert ("deltar i", f"{PLAN}/livsmiljoer-och-bostader") in own
    assert not any(step.start.iri == SCHOOL for step in chain.up), "what reaches it only through a group is not followed"
    assert "Gruppen Kommunala bolag deltar i aktiviteten ”Skolan som gemensam arena" in " ".join(chain.sentences)


def test_the_parts_are_told_in_plain_swedish(graph: Graph) -> None:
    told = responsibility(graph, BUILDING).sentences
    assert (
        "Byggnadsnämnden ansvarar för aktiviteterna ”Integrera jämlikhet i planering, genomförande och uppföljning i "
        "verksamheterna” och ”Samverkan för jämlik tillgång till fungerande livsmiljöer och passande bostäder”."
    ) in told
    assert "Beslutet att anta programmet för en jämlik stad 2018–2026 fattades av Kommunfullmäktige." in told
    assert (
        "Ansvaret för aktiviteten ”Integrera jämlikhet i planering, genomförande och uppföljning i verksamheterna” "
        "ligger hos Byggnadsnämnden, Förskolenämnden, Grundskolenämnden och Nämnden för arbetsmarknad och vuxenutbildning."
    ) in told
    assert not any("{" in line or "  " in line for line in told)


@pytest.mark.parametrize("iri", [BUILDING, FRAMTIDEN, SCHOOL, PLAN, PROGRAMME, RESPONSE])
def test_each_step_has_its_words_or_says_why_not_and_follows_what_stands_before_it(graph: Graph, iri: str) -> None:
    chain = responsibility(graph, iri)
    assert chain.steps
    assert chain.limits == ()
    for step in chain.steps:
        assert bool(step.passages) == (step.basis == "source")
    for part in (chain.up, chain.down, chain.across):
        reached = {step.start.iri for step in part if step.depth == 0}
        for step in part:
            assert step.start.iri in reached
            reached.add(step.end.iri)
    assert chain.nodes[0].iri == iri
    assert len(chain.edges) == len({(edge.source, edge.target, edge.kind) for edge in chain.edges})


def test_of_more_duties_than_can_be_told_the_first_are_told_and_none_is_followed(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = responsibility(graph, BUILDING)
    monkeypatch.setattr(tracing, "MOST_DUTIES", 2)
    some = responsibility(graph, BUILDING)
    assert len(some.duties) == 2 < len(whole.duties) and set(some.duties) < set(whole.duties)
    assert whole.down and not some.down
    assert "Ansvarskedjan från uppgifterna är längre än vad som visas." in some.limits


def test_what_has_no_chain_says_so(graph: Graph) -> None:
    alone = responsibility(graph, f"{ID}goteborg/actor/ensam")
    assert alone.steps == alone.notes == alone.limits == ()
    assert present.responsibility_json(alone, "1")["status"] == "empty"
    assert "Ingenting." in present.responsibility_text(alone, "1")


# --- The files that chains are made of ---


def test_every_step_that_a_query_asks_for_is_declared_and_the_other_way_round(content: Content) -> None:
    checked = 0
    for path in content.queries("chains"):
        header, text = headers.read(path)
        if "dcterms:isPartOf" not in header.get("steps", {}):
            continue
        for listed in re.findall(r"\?kind IN \(([^)]*)\)", text):
            assert {name.strip() for name in listed.split(",")} == set(header["steps"])
            checked += 1
    assert checked == 2


def test_every_kind_of_step_ends_its_clauses_in_both_languages(content: Content) -> None:
    kinds = Kinds(content)
    assert len(kinds.steps) > 40
    for kind in kinds.steps.values():
        for language in ("sv", "en"):
            for way in ("forward", "inverse"):
                wording = kind.wording[language][way]
                assert wording.then.endswith("{to}"), shorten(kind.iri)
                told = wording.main.format(**{"from": "a", "From": "A", "to": "b"})
                assert re.search(r"\b[aA]\b", told) and re.search(r"\bb\b", told), shorten(kind.iri)


def test_a_new_kind_of_step_is_a_file(content: Content, tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "chains"
    folder.mkdir(parents=True)
    header = '#+ steps:\n#+   styr:concerns: {sv: {forward: "rör", inverse: "rörs av"}, en: {forward: "x", inverse: "y"}}\n'
    query = "SELECT ?source ?kind ?target WHERE { VALUES ?node { UNDEF } ?node ?kind ?target }\n"
    (folder / "new.rq").write_text(header + query, "utf-8")
    (kind,) = Kinds(Content(tmp_path)).steps.values()
    assert kind.wording["sv"]["inverse"].then == "som rörs av {to}"
    (folder / "new.rq").write_text(
        header.replace('inverse: "rörs av"', 'inverse: {label: rörs, then: "som {to} rör"}') + query
    )
    with pytest.raises(BadFile, match="slutar inte med"):
        _ = Kinds(Content(tmp_path)).steps
    (folder / "new.rq").write_text(header.replace(', inverse: "rörs av"', "") + query)
    with pytest.raises(BadFile, match="saknar inverse"):
        _ = Kinds(Content(tmp_path)).steps


def test_a_summary_is_the_answers_to_the_questions_of_an_overview(graph: Graph) -> None:
    told = summary(graph, "actor", "byggnadsnämnden")
    assert told.about.iri == BUILDING
    duties = next(answer for planned, answer in told.parts if planned.question == "activities-by-responsible")
    assert len(duties.rows) == 2
    assert "som inte är räknade" not in summary_text(told, "1")
    cut = tuple((planned, replace(answer, cut=answer is duties)) for planned, answer in told.parts)
    text = summary_text(replace(told, parts=cut), "1")
    assert text.count("som inte är räknade") == 1
    assert [part["cut"] for part in summary_json(replace(told, parts=cut), "1")["sections"]].count(True) == 1
    with pytest.raises(UnknownName):
        summary(graph, "document", "byggnadsnämnden")


# --- The command line and the service ---


def test_the_command_line_tells_a_chain_and_gives_it_as_json(run: Run) -> None:
    told = run("chain", "byggnadsnämnden", "programmet för en jämlik stad")
    assert told.exit_code == 0
    assert told.stdout.startswith("1. Byggnadsnämnden ansvarar för aktiviteten")
    assert "s. 8" in told.stdout or "s. " in told.stdout
    assert "finns här bara som ett förslag" in told.stdout
    document = json.loads(run("chain", "byggnadsnämnden", PROGRAMME, "--format", "json", "--most", "1").stdout)
    assert document["status"] == "answered"
    (chain,) = document["chains"]
    assert chain["steps"][0]["evidence"][0]["quote"]
    assert {edge["source"] for edge in chain["edges"]} <= {node["iri"] for node in chain["nodes"]}


def test_the_command_line_tells_a_responsibility_chain(run: Run) -> None:
    told = run("chain", "skolan som gemensam arena", "--lang", "en")
    assert told.exit_code == 0
    assert "Up: programme, assignment and decision" in told.stdout
    assert json.loads(run("chain", SCHOOL, "--format", "json").stdout)["up"]


def test_the_command_line_shows_an_actor_and_a_document_on_a_screen(run: Run) -> None:
    actor = run("actor", "byggnadsnämnden").stdout
    assert actor.startswith("Byggnadsnämnden (nämnd)")
    assert "Ansvarar för [activities-by-responsible] (2)" in actor
    assert "pilotverksamhet · Integrera jämlikhet" in actor
    document = run("document", "planen för en jämlik stad").stdout
    assert "finns här bara som ett förslag" in document.splitlines()[0]
    assert "Göteborgs Stadshus AB · tillstyrker med synpunkter" in document
    assert json.loads(run("document", PLAN, "--format", "json").stdout)["sections"][0]["rows"]
    assert isinstance(run("actor", "bygnadsnämnden").exception, UnknownName)


def test_the_service_gives_chains_and_says_what_it_cannot_use(client: TestClient) -> None:
    told = client.get("/api/chains", params={"from": "framtiden", "to": PROGRAMME}).json()
    assert told["from"]["iri"] == FRAMTIDEN
    assert told["chains"][0]["sentence"] == told["text"]
    assert told["nodes"] and told["edges"] and told["limits"] == []
    about = client.get("/api/chains", params={"about": "framtiden", "lang": "en"})
    assert about.headers["access-control-allow-origin"] == "*"
    assert any("takes part in" in line for line in about.json()["sentences"])
    unknown = client.get("/api/chains", params={"from": "bygnadsnämnden", "to": "framtiden"})
    assert unknown.status_code == 404
    assert unknown.json()["suggestions"][0]["label"] == "Byggnadsnämnden"
    assert client.get("/api/chains", params={"about": "uppföljning"}).status_code == 409
    bad = [{}, {"from": "framtiden"}, {"to": "framtiden"}, {"about": "x", "from": "y"}, {"about": " "}]
    assert [client.get("/api/chains", params=given).status_code for given in bad] == [400] * len(bad)
    wrong = [
        {"about": "x" * 301},
        {"from": "framtiden", "to": "framtiden", "most": 21},
        {"about": "framtiden", "lang": "de"},
    ]
    assert [client.get("/api/chains", params=given).status_code for given in wrong] == [422] * len(wrong)


def test_the_description_of_the_service_knows_the_answers(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]["/api/chains"]["get"]
    assert {"200", "400", "404", "409", "422"} <= set(described["responses"])
    assert {parameter["name"] for parameter in described["parameters"]} == {"from", "to", "about", "most", "lang"}
