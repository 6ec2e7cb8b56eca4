"""Every kind of fault, put into a copy of the shipped data, is caught by the shape meant for it and by no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.validation.check import check_all, check_files

ROOT = Path(__file__).parent.parent
PLAN, ACTORS, ANSWER, REFERRAL, ARTICLE = (
    "sources/plan-jamlik-stad-2019-2022.ttl",
    "actors.ttl",
    "sources/yttrande-stadshus-2019.ttl",
    "sources/protokoll-srn-2018-12-19.ttl",
    "sources/artikel-jamlikt-goteborg-2018.ttl",
)
HEAD = """
@prefix t: <https://w3id.org/styrgraf/id/goteborg/source/plan-jamlik-stad-2019-2022/> .
@prefix d: <https://w3id.org/styrgraf/id/goteborg/document/plan-for-en-jamlik-stad-2019-2022/> .
@prefix actor: <https://w3id.org/styrgraf/id/goteborg/actor/> .
@prefix decision: <https://w3id.org/styrgraf/id/goteborg/decision/> .
@prefix document: <https://w3id.org/styrgraf/id/goteborg/document/> .
@prefix styr: <https://w3id.org/styrgraf/ns#> .
@prefix basis: <https://w3id.org/styrgraf/ns/basis/> .
@prefix rank: <https://w3id.org/styrgraf/ns/rank/> .
@prefix role: <https://w3id.org/styrgraf/ns/role/> .
@prefix status: <https://w3id.org/styrgraf/ns/status/> .
@prefix outcome: <https://w3id.org/styrgraf/ns/outcome/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
KNOWN = "styr:basis basis:general-knowledge"
CLAIM = f"t:nytt a styr:Claim ; {KNOWN} ; rdf:subject"
STATEMENT = f"t:nytt a styr:ResponsibilityStatement ; {KNOWN} ; styr:activity d:skolan-som-arena"
COMMITTEE = f"actor:ny a styr:Committee ; styr:municipality actor:goteborgs-stad"
USED = f'{CLAIM.replace("nytt", "anvand")} actor:ny ; rdf:predicate dcterms:description ; rdf:object "x"@sv .'

FAULTS: list[tuple[str, str, str, str]] = [
    ("a link to nothing", PLAN, f"{STATEMENT} ; styr:role role:responsible ; styr:actor actor:finns-inte .", "ResponsibilityStatement-actor"),
    ("a link to the wrong class", PLAN, f"{STATEMENT} ; styr:role role:responsible ; styr:actor d:stod .", "ResponsibilityStatement-actor"),
    ("a claim without passage", PLAN, "t:nytt a styr:Claim ; rdf:subject d:stod ; rdf:predicate dcterms:description ; rdf:object \"x\"@sv .", "Passage-given"),
    ("a statement without role", PLAN, f"{STATEMENT} ; styr:actor actor:kulturnamnden .", "ResponsibilityStatement-role"),
    ("a statement without actor", PLAN, f"{STATEMENT} ; styr:role role:responsible .", "ResponsibilityStatement-actor"),
    ("a concept of another scheme", PLAN, f"{STATEMENT} ; styr:role rank:normal ; styr:actor actor:kulturnamnden .", "ResponsibilityStatement-role"),
    ("a wrong datatype", PLAN, f'{CLAIM} decision:mr-handlingsplan ; rdf:predicate styr:adjustedOn ; rdf:object "i juni" .', "Decision-adjusted-on"),
    ("dates in the wrong order", PLAN, f'{CLAIM} decision:mr-handlingsplan ; rdf:predicate styr:adjustedOn ; rdf:object "1999-01-01"^^xsd:date .', "Decision-order"),
    ("validity missing", PLAN, f'document:ny a styr:Plan ; dcterms:title "Ny plan"@sv . {CLAIM} document:ny ; rdf:predicate styr:status ; rdf:object status:adopted .', "Validity-stated"),
    ("a cycle in isPartOf", PLAN, "d:verksamhet-och-samverkan dcterms:isPartOf d:tvarsektoriell-samverkan .", "ContentElement-cycle"),
    ("an activity in no document", PLAN, f'd:ny a styr:Activity ; dcterms:title "Ny"@sv ; {KNOWN} .', "ContentElement-document"),
    ("a slug out of form", PLAN, f'd:Ny_Åtgärd a styr:Activity ; dcterms:title "Ny"@sv ; {KNOWN} ; dcterms:isPartOf d:stod .', "Address-slug"),
    ("an IRI of another host", PLAN, f'<https://example.org/id/ny> a styr:Activity ; dcterms:title "Ny"@sv ; {KNOWN} ; dcterms:isPartOf d:stod .', "Address-host"),
    ("a term the ontology lacks", PLAN, "d:stod styr:finnsInte true .", "UsedTerm-known"),
    ("a missing sv label", PLAN, f'd:ny a styr:Activity ; dcterms:title "New"@en ; {KNOWN} ; dcterms:isPartOf d:stod .', "Label-swedish"),
    ("a strategy under no målområde", PLAN, f'd:ny a styr:Strategy ; dcterms:title "Ny"@sv ; {KNOWN} ; dcterms:isPartOf d:stod .', "Strategy-area"),
    ("a placement outside a structure", PLAN, f'd:ny a styr:Placement ; rdfs:label "Ny"@sv ; {KNOWN} ; styr:outcome outcome:removed ; styr:element d:stod ; dcterms:isPartOf d:stod .', "Placement-structure"),
    ("a response to nothing", PLAN, f'document:ny a styr:ReferralResponse ; dcterms:title "Nytt"@sv ; styr:respondent actor:higab .', "ReferralResponse-referral"),
    ("a literal not in NFC", PLAN, 'd:stod dcterms:description "a\u030a"@sv .', "Literal-nfc"),
    ("no preferred name", ACTORS, f'{COMMITTEE} ; rdfs:label "Ny"@sv . {USED}', "Actor-name"),
    ("two names in one language", ACTORS, f'{COMMITTEE} ; skos:prefLabel "Ny"@sv , "Nyare"@sv . {USED}', "Actor-one-name"),
    ("one name for two actors", ACTORS, f'{COMMITTEE} ; skos:prefLabel "Nya nämnden"@sv ; skos:altLabel "Framtiden"@sv . {USED}', "Name-unique"),
    ("an orphan", ACTORS, f'actor:ny a styr:Committee ; skos:prefLabel "Nya nämnden"@sv .', "Actor-connected"),
]  # fmt: skip


def copy(tmp_path: Path) -> Content:
    """A copy of the content whose data may be changed."""
    for folder in ("ontology", "shapes", "queries"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Content(tmp_path)


def shapes(graph: Graph, settings: Settings, content: Content, file: Path) -> set[str]:
    """The names of the shapes that find faults in `file`."""
    checked = check_files(content, settings.workspace, [file])
    assert all(item for item in checked.render("text", "sv").splitlines()[:1])
    return {result.shape.rsplit("/", 1)[-1] for result in checked.faults}


@pytest.mark.parametrize(("name", "file", "fault", "shape"), FAULTS, ids=[name for name, *_ in FAULTS])
def test_a_fault_is_caught_by_its_shape_alone(
    graph: Graph, settings: Settings, tmp_path: Path, name: str, file: str, fault: str, shape: str
) -> None:
    content = copy(tmp_path)
    path = tmp_path / "data" / file
    path.write_text(path.read_text("utf-8") + HEAD + fault, "utf-8")
    assert shapes(graph, settings, content, path) == {shape}
