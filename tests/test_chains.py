"""Chains between things and responsibility chains, over the shipped documents, with the words behind each step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from weakref import WeakKeyDictionary

import pytest

from graphsvc.chains import Chain, Chains, Step, between, names, neighbourhood, present, responsibility
from graphsvc.chains.kinds import Kinds
from graphsvc.chains.neighbourhood import MOST_POINTING, MOST_STEPS_OF_A_THING, Neighbourhood
from graphsvc.chains.paths import between as paths_between
from graphsvc.content import Content
from graphsvc.errors import AmbiguousName, BadParameter, UnknownName
from graphsvc.graph import Graph
from graphsvc.namespaces import RDF, STYR
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.interface import Table

ID = "https://w3id.org/styrgraf/id/"
PLAN = f"{ID}goteborg/document/plan-for-en-jamlik-stad-2019-2022"
PROGRAMME = f"{ID}goteborg/document/program-for-en-jamlik-stad-2018-2026"
SCHOOL = f"{PLAN}/skolan-som-arena"
HOUSING = f"{PLAN}/livsmiljoer-och-bostader"
REFERRAL = f"{ID}goteborg/referral/plan-for-en-jamlik-stad-2019-2022"
RESPONSE = f"{ID}goteborg/document/yttrande-stadshus-plan-jamlik-stad"
ASSIGNMENT = f"{ID}goteborg/assignment/plan-for-jamlik-stad"
DECISION = f"{ID}goteborg/decision/program-for-en-jamlik-stad"
FRAMTIDEN = f"{ID}goteborg/actor/forvaltnings-ab-framtiden"
BUILDING = f"{ID}goteborg/actor/byggnadsnamnden"
CITY = f"{ID}goteborg/actor/goteborgs-stad"
BOPLATS = f"{ID}goteborg/actor/boplats-vast"
DELMOS = f"{ID}sverige/actor/delegationen-mot-segregation"
# Pairs of every kind, in both directions of most kinds of steps
PAIRS = [
    (FRAMTIDEN, PROGRAMME),
    (BUILDING, PROGRAMME),
    (PROGRAMME, BUILDING),
    (BOPLATS, DELMOS),
    (BUILDING, FRAMTIDEN),
    (SCHOOL, ASSIGNMENT),
    (SCHOOL, DECISION),
    (REFERRAL, RESPONSE),
    (RESPONSE, f"{PROGRAMME}/god-start-i-livet"),
    (f"{ID}goteborg/person/michael-ivarson", PLAN),
    (CITY, BOPLATS),
    (f"{ID}sverige/actor/regeringen", BUILDING),
]


def _ways(chains: Chains) -> list[list[tuple[str, str]]]:
    return [[(step.kind, step.end.iri) for step in chain.steps] for chain in chains.chains]


def _with(chains: Chains, *kinds: str) -> Chain:
    """The chain whose steps are of these kinds, parts within parts counted once."""
    for chain in chains.chains:
        told = [step.kind for step in chain.steps]
        if [kind for place, kind in enumerate(told) if place == 0 or told[place - 1] != kind] == list(kinds):
            return chain
    raise AssertionError([[step.kind for step in chain.steps] for chain in chains.chains])


def _quotes(step: Step) -> str:
    return " ".join(passage.quote for passage in step.passages)


def test_framtiden_hangs_together_with_the_programme_through_the_sub_programme_the_plan_and_the_referral(
    graph: Graph,
) -> None:
    chains = between(graph, FRAMTIDEN, PROGRAMME)
    assert chains.chains[0].sentence == (
        "Förvaltnings AB Framtiden samverkar i delprogrammet ”Samverkan med Framtiden”, "
        "som syftar till målområdet ”Skapa hållbara och jämlika livsmiljöer”, "
        "som ingår i Göteborgs Stads program för en jämlik stad 2018-2026."
    )
    assert chains.text == chains.chains[0].sentence
    through_plan = _with(chains, "participating", "isPartOf", "realises")
    assert through_plan.sentence == (
        "Förvaltnings AB Framtiden deltar i aktiviteten ”Samverkan för jämlik tillgång till fungerande livsmiljöer "
        "och passande bostäder”, som ingår i Göteborgs Stads plan för en jämlik stad 2019-2022 (förslag), "
        "som konkretiserar Göteborgs Stads program för en jämlik stad 2018-2026."
    )
    assert "Förvaltning AB Framtiden" in _quotes(through_plan.steps[0])
    assert through_plan.steps[0].passages[0].page == 15
    assert "Planen utgår från Göteborgs Stads program för en jämlik stad 2018-2026" in _quotes(through_plan.steps[-1])
    assert any("bara som ett förslag" in note for note in through_plan.notes)
    assert (
        _with(chains, "consulted", "refers", "realises")
        .steps[0]
        .sentence.startswith("Förvaltnings AB Framtiden fick remissen")
    )


def test_byggnadsnämnden_answers_for_an_activity_that_is_part_of_what_realises_the_programme(graph: Graph) -> None:
    first = between(graph, BUILDING, PROGRAMME).chains[0]
    assert [step.relation for step in first.steps] == ["ansvarar för", "ingår i", "ingår i", "ingår i", "konkretiserar"]
    assert first.sentence == (
        "Byggnadsnämnden ansvarar för aktiviteten ”Integrera jämlikhet i planering, genomförande och uppföljning i "
        "verksamheterna”, som ingår i Göteborgs Stads plan för en jämlik stad 2019-2022 (förslag), "
        "som konkretiserar Göteborgs Stads program för en jämlik stad 2018-2026."
    )
    assert "Byggnadsnämnden" in _quotes(first.steps[0])
    assert first.steps[0].end.status == "förslag"
    assert first.steps[0].end.document == PLAN


def test_the_same_chain_reads_as_well_from_its_other_end(graph: Graph) -> None:
    there, back = between(graph, BUILDING, PROGRAMME).chains[0], between(graph, PROGRAMME, BUILDING).chains[0]
    assert [step.kind for step in back.steps] == [step.kind for step in reversed(there.steps)]
    assert set(back.edges) == set(there.edges), "an arrow points as the graph states it, whichever way it is read"
    assert back.sentence == (
        "Göteborgs Stads program för en jämlik stad 2018-2026 konkretiseras av Göteborgs Stads plan för en jämlik stad "
        "2019-2022 (förslag), som innehåller aktiviteten ”Integrera jämlikhet i planering, genomförande och uppföljning i "
        "verksamheterna”, där ansvaret ligger hos Byggnadsnämnden."
    )


def test_in_english_the_chain_is_told_in_english(graph: Graph) -> None:
    told = between(graph, BUILDING, PROGRAMME, "en").chains[0]
    assert told.sentence.startswith(
        "City Planning and Building Committee is responsible for the activity “Integrate equality"
    )
    assert told.sentence.endswith("which realises City of Gothenburg’s programme for an equal city 2018–2026.")
    assert any("only as a proposal" in note for note in told.notes)


def test_boplats_väst_is_tied_to_the_delegation_by_its_group_the_plan_and_the_money(graph: Graph) -> None:
    first = between(graph, BOPLATS, DELMOS).chains[0]
    assert [step.kind for step in first.steps] == ["memberOf", "participating", *["isPartOf"] * 3, "coordinationFundedBy"]
    assert first.steps[0].basis == "general-knowledge"
    assert first.steps[0].passages == ()
    assert any("Allmän kännedom" in note and "Boplats Väst ingår i gruppen Kommunala bolag" in note for note in first.notes)
    assert first.sentence.endswith("vars samordning får medel från Delegationen mot segregation.")
    assert "medel från delegationen mot segregation" in _quotes(first.steps[-1])


def test_an_activity_leads_up_to_the_assignment_and_the_decision(graph: Graph) -> None:
    up = _with(between(graph, SCHOOL, ASSIGNMENT), "isPartOf", "resultsIn")
    assert up.sentence.endswith(
        "som är ett resultat av uppdraget att ta fram en plan utifrån programmet för en jämlik stad."
    )
    decided = _with(between(graph, SCHOOL, DECISION), "isPartOf", "realises", "decides")
    assert decided.steps[-1].sentence.endswith("beslutet att anta programmet för en jämlik stad 2018–2026.")
    assert "Kommunfullmäktige" in _quotes(decided.steps[-1]) or "anta" in _quotes(decided.steps[-1])


def test_the_referral_was_answered_by_the_response(graph: Graph) -> None:
    first = between(graph, REFERRAL, RESPONSE).chains[0]
    assert [step.kind for step in first.steps] == ["respondsTo"]
    assert not first.steps[0].forward
    assert first.sentence == (
        "Remissen av förslaget till Göteborgs Stads plan för en jämlik stad 2019–2022 besvarades genom "
        "Göteborgs Stadshus AB:s yttrande över planförslaget."
    )
    assert first.steps[0].passages


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_chains_differ_in_kind_make_no_detours_and_say_where_each_step_stands(graph: Graph, start: str, end: str) -> None:
    chains = between(graph, start, end)
    assert chains.chains
    assert len({tuple(map(tuple, way)) for way in _ways(chains)}) == len(chains.chains)
    assert [chain.cost for chain in chains.chains] == sorted(chain.cost for chain in chains.chains)
    for chain in chains.chains:
        assert (chain.steps[0].start.iri, chain.steps[-1].end.iri) == (start, end)
        visited = [step.start.iri for step in chain.steps] + [end]
        assert len(set(visited)) == len(visited)
        assert CITY not in visited[1:-1], "everything is linked to the city: a chain through it says nothing"
        for step, after in zip(chain.steps, chain.steps[1:], strict=False):
            assert step.end == after.start
        for step in chain.steps:
            assert bool(step.passages) == (step.basis == "source")
            assert step.sentence.endswith(".") and "{" not in step.sentence
        assert chain.sentence[0].isupper() and chain.sentence.endswith(".") and "{" not in chain.sentence


def test_ways_of_one_kind_are_told_once(graph: Graph) -> None:
    told = between(graph, SCHOOL, HOUSING, most=20).chains
    assert len(told) > 3
    manners = []
    for chain in told:
        steps = [(step.kind, step.forward) for step in chain.steps]
        manners.append(
            [step for place, step in enumerate(steps) if step[0] != "isPartOf" or steps[place - 1 : place] != [step]]
        )
    assert all(manners.count(manner) == 1 for manner in manners)


def test_what_another_source_is_believed_over_is_said_to_be_so(graph: Graph) -> None:
    told = next(step for step in responsibility(graph, FRAMTIDEN).duties if step.rank == "normal")
    assert (told.relation, told.end.iri) == ("samverkar i", HOUSING)
    notes = responsibility(graph, FRAMTIDEN).notes
    assert any(note.startswith("Källorna säger olika") and told.sentence in note for note in notes)


def test_no_way_is_said_honestly(graph: Graph) -> None:
    alone = f"{ID}goteborg/actor/ensam"
    chains = between(graph, alone, BUILDING)
    assert chains.chains == ()
    assert chains.text == f"De inlästa dokumenten säger inte hur {alone} och Byggnadsnämnden hänger ihop."
    assert present.chains_json(chains, "1")["status"] == "empty"
    assert "säger inte" in present.chains_text(chains, "1")


def test_a_thing_and_itself_are_said_to_be_the_same(graph: Graph) -> None:
    assert between(graph, BUILDING, BUILDING).text == "Byggnadsnämnden och Byggnadsnämnden är samma sak."


def test_the_same_answer_in_another_process_whatever_the_hashes(graph: Graph, settings: Settings) -> None:
    script = (
        "import json; from graphsvc.chains import between, responsibility, present\n"
        "from graphsvc.graph import open_graph; from graphsvc.settings import Settings\n"
        f"g = open_graph(Settings.from_environment())\n"
        f"print(json.dumps([present.chains_json(between(g, {FRAMTIDEN!r}, {PROGRAMME!r}), ''),"
        f" present.responsibility_json(responsibility(g, {SCHOOL!r}), '')]))"
    )
    here = [
        present.chains_json(between(graph, FRAMTIDEN, PROGRAMME), ""),
        present.responsibility_json(responsibility(graph, SCHOOL), ""),
    ]
    for seed in ("1", "2"):
        environment = os.environ | settings.to_environment() | {"PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == here


# --- Bounds, on graphs made for them ---


def _store(triples: list[tuple[str, str, str]]) -> EmbeddedStore:
    store = EmbeddedStore.create()
    store.load_ntriples("".join(f"<{s}> <{p}> <{o}> .\n" for s, p, o in triples).encode())
    return store


def _group(members: int) -> list[tuple[str, str, str]]:
    member_of = "http://www.w3.org/ns/org#memberOf"
    return [(f"{ID}x/{number:05}", member_of, f"{ID}x/hub") for number in range(members)]


def test_a_hub_is_not_followed_and_that_is_known(content: Content) -> None:
    kinds = Kinds(content)
    crowd = _store([*_group(MOST_POINTING + 5), (f"{ID}x/00001", f"{STYR}leads", f"{ID}x/led")])
    around = Neighbourhood(crowd, content, kinds)
    around.grow({f"{ID}x/00001"}, {f"{ID}x/00001"})
    around.grow({f"{ID}x/hub", f"{ID}x/led"})
    assert around.hubs == {f"{ID}x/hub"}
    assert {(fact.source, fact.target) for fact in around.facts} == {
        (f"{ID}x/00001", f"{ID}x/hub"),
        (f"{ID}x/00001", f"{ID}x/led"),
    }


def test_a_hub_is_still_reached_from_its_other_side_but_dearly(content: Content) -> None:
    kinds = Kinds(content)
    one, other = f"{ID}x/00001", f"{ID}x/00002"
    crowd = _group(MOST_POINTING + 5)
    task, owned = f"{ID}x/uppgift", f"{STYR}leads"
    bare = paths_between(Neighbourhood(_store(crowd), content, kinds), one, other, 5)
    assert [[fact.target for fact in facts] for _, facts in bare] == [[f"{ID}x/hub"] * 2]
    more = _store([*crowd, (one, owned, task), (other, owned, task)])
    better = paths_between(Neighbourhood(more, content, kinds), one, other, 5)
    assert better[0][1][0].target == task
    assert better[0][0] < bare[0][0]


def test_what_is_asked_about_may_be_a_hub_and_not_all_of_it_is_told(content: Content) -> None:
    around = Neighbourhood(_store(_group(MOST_POINTING + 5)), content, Kinds(content))
    around.grow({f"{ID}x/hub"}, {f"{ID}x/hub"})
    assert len(around.facts) == MOST_STEPS_OF_A_THING
    assert around.hubs == {f"{ID}x/hub"}


def test_what_was_read_for_one_chain_is_not_read_again(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    select = EmbeddedStore.select

    def counted(store: EmbeddedStore, query: str) -> Table:
        asked.append(query)
        return select(store, query)

    monkeypatch.setattr(EmbeddedStore, "select", counted)
    monkeypatch.setattr(neighbourhood, "_memories", WeakKeyDictionary())
    first, read = between(graph, BUILDING, PROGRAMME), len(asked)
    assert between(graph, BUILDING, PROGRAMME) == first
    assert len(asked) - read < read / 2
    assert between(graph, PROGRAMME, BUILDING).chains[0].cost == first.chains[0].cost
    monkeypatch.setattr(neighbourhood, "_MOST_REMEMBERED", 10)
    monkeypatch.setattr(neighbourhood, "_memories", WeakKeyDictionary())
    assert between(graph, BUILDING, PROGRAMME) == first, "whatever is forgotten meanwhile"


def test_only_what_lies_around_the_ends_is_read(content: Content) -> None:
    part = "http://purl.org/dc/terms/isPartOf"
    line = [(f"{ID}x/{n:03}", part, f"{ID}x/{n + 1:03}") for n in range(200)]
    around = Neighbourhood(_store(line), content, Kinds(content))
    assert len(paths_between(around, f"{ID}x/050", f"{ID}x/056", 5)[0][1]) == 6
    assert len(around.facts) < 20
    beyond = Neighbourhood(_store(line), content, Kinds(content))
    assert paths_between(beyond, f"{ID}x/050", f"{ID}x/elsewhere", 5) == []
    assert beyond.exhausted


def test_types_statuses_and_sources_are_no_steps(content: Content) -> None:
    kinds = Kinds(content)
    for iri in (f"{RDF}type", f"{STYR}status", f"{STYR}municipality", f"{STYR}role", f"{STYR}textOf", f"{STYR}rank"):
        assert iri not in kinds.steps
    shared = [
        (f"{ID}x/{n}", p, f"{ID}x/hub") for n in (1, 2) for p in (f"{STYR}municipality", f"{STYR}status", f"{RDF}type")
    ]
    assert paths_between(Neighbourhood(_store(shared), content, kinds), f"{ID}x/1", f"{ID}x/2", 5) == []


# --- Names ---


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("framtiden", FRAMTIDEN),
        ("BYGGNADSNÄMNDEN", BUILDING),
        ("KS", f"{ID}goteborg/actor/kommunstyrelsen"),
        (" Skolan som gemensam arena ", SCHOOL),
        ("programmet för en jämlik stad", PROGRAMME),
        (DECISION, DECISION),
    ],
)
def test_anything_is_found_by_the_names_that_people_use(graph: Graph, text: str, iri: str) -> None:
    assert names.resolve(graph, text) == iri


def test_names_that_are_unknown_ambiguous_or_unusable_are_told_apart(graph: Graph) -> None:
    with pytest.raises(UnknownName) as unknown:
        names.resolve(graph, "bygnadsnämnden", parameter="from")
    assert (BUILDING, "Byggnadsnämnden") in unknown.value.suggestions
    with pytest.raises(AmbiguousName) as ambiguous:
        names.resolve(graph, "uppföljning")
    assert len(ambiguous.value.candidates) > 1
    for text in ("", "x" * 301):
        with pytest.raises(BadParameter):
            names.resolve(graph, text)
    with pytest.raises(UnknownName):
        names.resolve(graph, "framtiden", [f"{STYR}Document"])
    with pytest.raises(UnknownName):
        names.resolve(graph, "https://example.org/ingen")
