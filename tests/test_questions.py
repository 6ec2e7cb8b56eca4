"""How questions are read from their files, and their parameters from what a user writes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from graphsvc.ask import ask
from graphsvc.content import Content
from graphsvc.errors import AmbiguousName, BadFile, BadParameter, UnknownName, UnknownQuestion
from graphsvc.graph import Graph
from graphsvc.namespaces import PREFIXES
from graphsvc.questions.catalogue import Catalogue
from graphsvc.questions.present import answer_text
from graphsvc.questions.run import Inquiry
from graphsvc.terms import Iri

GOOD = """#+ title: {sv: Fråga, en: Question}
#+ description: {sv: Vad, en: What}
#+ parameters:
#+   actor: {of: styr:Actor, label: {sv: Aktör, en: Actor}}
#+ columns:
#+   activity: {sv: Aktivitet, en: Activity}
#+ examples: {sv: [Vad, Hur], en: [What, How]}
#+ empty: {sv: Inget, en: Nothing}
SELECT ?activity WHERE { VALUES ?actor { <https://w3id.org/styrgraf/id/x> } ?x styr:actor ?actor ; styr:activity ?activity }
"""


def read(tmp_path: Path, text: str) -> Catalogue:
    """The catalogue of one question with the file text `text`."""
    (tmp_path / "queries" / "questions").mkdir(parents=True)
    (tmp_path / "queries" / "questions" / "fraga.rq").write_text(text, "utf-8")
    return Catalogue(Content(tmp_path))


def test_a_file_is_a_question(tmp_path: Path) -> None:
    question = read(tmp_path, GOOD)["fraga"]
    assert question.title == {"sv": "Fråga", "en": "Question"}
    assert question.parameter("actor").of == "https://w3id.org/styrgraf/ns#Actor"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: {sv: Fråga, en: Question}", "title: {sv: Fråga}", "title på sv och en"),
        ("VALUES ?actor { <https://w3id.org/styrgraf/id/x> }", "", r"VALUES \?actor"),
        ("of: styr:Actor, ", "", "av vilken klass"),
        ("of: styr:Actor", "of: finns:Inte", "finns:Inte har inget känt prefix"),
        ("of: styr:Actor", "kind: annat", "slaget annat"),
        ("of: styr:Actor", "of: styr:Actor, required: false", "UNDEF"),
        ("activity: {sv", "activity: {kind: annat, sv", "slaget annat"),
        ("#+ empty", "#+ tom: x\n#+ empty", "okända fält: tom"),
        ("#+ title: {", "#+ title: {{", "inte giltig YAML"),
        (", en: [What, How]", "", "examples på sv och en"),
    ],
)
def test_a_file_with_a_fault_is_named_with_the_way_out(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(BadFile, match=rf"fraga\.rq.*{told}"):
        read(tmp_path, GOOD.replace(old, new))["fraga"]


def test_as_many_rows_as_are_wanted_and_whether_there_are_more(graph: Graph) -> None:
    question = graph.questions["collaborators-of-actor"]
    given = {"actor": Iri(f"{PREFIXES['id']}goteborg/actor/forvaltnings-ab-framtiden")}
    some, all_of_them = graph.answers([Inquiry(question, given, 3), Inquiry(question, given, 500)])
    assert some.cut and 0 < len(some.rows) <= 3
    assert not all_of_them.cut and all(row.cells in [other.cells for other in all_of_them.rows] for row in some.rows)
    assert all_of_them.rows == graph.answer("collaborators-of-actor", {"actor": "framtiden"}).rows


def test_an_unknown_question_gets_the_nearest(graph: Graph) -> None:
    with pytest.raises(UnknownQuestion) as unknown:
        graph.questions["activities-involving-aktor"]
    assert "activities-involving-actor" in unknown.value.suggestions


@pytest.mark.parametrize("name", ["framtiden", "FRAMTIDEN", " Förvaltning  AB Framtiden", "Förvaltnings AB Framtiden"])
def test_an_actor_is_known_by_any_of_its_names(graph: Graph, name: str) -> None:
    answer = graph.answer("activities-involving-actor", {"actor": name})
    assert answer.parameters["actor"].text == "Förvaltnings AB Framtiden"


def test_an_actor_is_known_by_its_address(graph: Graph) -> None:
    iri = "https://w3id.org/styrgraf/id/goteborg/actor/forvaltnings-ab-framtiden"
    assert graph.answer("activities-involving-actor", {"actor": iri}).rows


@pytest.mark.parametrize("name", ["x> } DROP ALL #", '"', "\\", "http://x/ y", "a" * 299, "<script>"])
def test_odd_names_are_unknown_and_nothing_else(graph: Graph, name: str) -> None:
    with pytest.raises(UnknownName):
        graph.answer("activities-involving-actor", {"actor": name})


def test_what_is_missing_or_too_much_is_said(graph: Graph) -> None:
    with pytest.raises(BadParameter, match="saknas"):
        graph.answer("activities-involving-actor", {})
    with pytest.raises(BadParameter, match="finns inte för frågan"):
        graph.answer("activities-involving-actor", {"actor": "framtiden", "år": "2018"})


def test_a_name_of_several_things_gets_its_candidates(graph: Graph) -> None:
    error = AmbiguousName("actor", "nämnden", [("http://x/1", "Första"), ("http://x/2", "Andra")])
    assert "Första <http://x/1>" in str(error)


def test_an_empty_answer_says_so_in_both_languages(graph: Graph) -> None:
    for language in ("sv", "en"):
        answer = graph.answer("activities-by-responsible", {"actor": "kulturnämnden"}, language)
        assert not answer.rows
        assert answer.question.empty[language] in answer_text(answer, "1")


def test_a_known_prefix_means_the_same_in_every_query(content: Content) -> None:
    queries = sorted((content.root / "queries").rglob("*.rq"))
    told = [(path, *found) for path in queries for found in re.findall(r"PREFIX (\w+): <([^>]*)>", path.read_text("utf-8"))]
    assert len(told) > len(queries)
    assert [(path, name, iri) for path, name, iri in told if PREFIXES.get(name, iri) != iri] == []


def test_what_names_the_actor_itself_comes_before_what_reaches_it_through_a_group(graph: Graph) -> None:
    rows = graph.answer("activities-involving-actor", {"actor": "framtiden"}).rows
    told = [(row.cells["via"].text, row.cells["role"].text) for row in rows]
    assert told[0] == ("direkt", "deltagande")
    assert [via == "direkt" for via, _ in told] == sorted((via == "direkt" for via, _ in told), reverse=True)
    assert told[-1] == ("genom grupp", "omnämnd")


def test_a_question_about_all_of_a_large_graph_waits_for_what_it_is_about(graph: Graph) -> None:
    counts = {"quads": 3_000_000}
    large = Graph(graph.content, replace(graph.release, manifest=replace(graph.release.manifest, counts=counts)))
    with pytest.raises(BadParameter, match="Ange dokument"):
        large.answer("most-duties", {})
    assert large.answer("activities-involving-actor", {"actor": "Förvaltnings AB Framtiden"}).rows
    asked = ask(large, "Vem ansvarar för flest aktiviteter?")
    assert asked.status == "ambiguous" and "dokument" in asked.text
