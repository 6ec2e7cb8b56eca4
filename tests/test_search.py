"""Names searched by what people type, and spotted in what they write, in the shipped data."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graphsvc.cli import cli
from graphsvc.content import Content
from graphsvc.errors import BadParameter, NamesMissed, NoFullText
from graphsvc.graph import Graph
from graphsvc.namespaces import STYR
from graphsvc.release.build import Release
from graphsvc.search import build, gather
from graphsvc.search.folding import plain, stem, words
from graphsvc.search.index import Hit, NameIndex
from graphsvc.settings import Settings
from graphsvc.store.interface import Table
from graphsvc.terms import Iri, Literal
from graphsvc.web.app import create_app

BYGGNADSNÄMNDEN = "/actor/byggnadsnamnden"
FRAMTIDEN = "/actor/forvaltnings-ab-framtiden"
SKOLAN = "/plan-for-en-jamlik-stad-2019-2022/skolan-som-arena"
PLANEN = "/document/plan-for-en-jamlik-stad-2019-2022"


@pytest.fixture(scope="module")
def names(graph: Graph) -> NameIndex:
    """The index of the shipped names."""
    return graph.names


def found(hits: list[Hit] | tuple[Hit, ...]) -> list[str]:
    """The IRIs of hits, from their kind of thing on."""
    return [hit.iri for hit in hits]


def spotted(names: NameIndex, sentence: str, least: float = 0.0) -> dict[str, str]:
    """What each place in a sentence most likely names."""
    spots = names.spot(sentence)
    return {sentence[spot.start : spot.end]: spot.hits[0].iri for spot in spots if spot.hits[0].score >= least}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("byggn", BYGGNADSNÄMNDEN),
        ("Byggnadsnämnden", BYGGNADSNÄMNDEN),
        ("BYGGNADSNÄMNDEN", BYGGNADSNÄMNDEN),
        ("byggnadsnamnden", BYGGNADSNÄMNDEN),
        ("byggnadsnämndens", BYGGNADSNÄMNDEN),
        ("bygnadsnämnden", BYGGNADSNÄMNDEN),
        ("byggnads nämnden", BYGGNADSNÄMNDEN),
        ("byggndasnämnden", BYGGNADSNÄMNDEN),
        ("BN", BYGGNADSNÄMNDEN),
        ("City Planning and Building Committee", BYGGNADSNÄMNDEN),
        ("Framtiden", FRAMTIDEN),
        ("framtidens", FRAMTIDEN),
        ("framtiden förvaltnings ab", FRAMTIDEN),
        ("NAV", "/actor/namnden-for-arbetsmarknad-och-vuxenutbildning"),
        ("nav", "/actor/namnden-for-arbetsmarknad-och-vuxenutbildning"),
        ("KS", "/actor/kommunstyrelsen"),
        ("VGR", "/actor/vastra-gotalandsregionen"),
        ("SLK", "/actor/stadsledningskontoret"),
        ("föreningsnämnd idrott", "/actor/idrotts-och-foreningsnamnden"),
        ("foreningsnamnden idrotts", "/actor/idrotts-och-foreningsnamnden"),
        ("grunskolenämnden", "/actor/grundskolenamnden"),
        ("Gundskolenämnden", "/actor/grundskolenamnden"),
        ("stad jämlik plan", PLANEN),
        ("arena gemensam skolan", SKOLAN),
        ("HBTQ rådet", "/actor/hbtq-radet"),
        ("hbtqråd", "/actor/hbtq-radet"),
        ("polis", "/actor/polisen"),
    ],
)
def test_the_first_hit_is_what_was_meant(names: NameIndex, typed: str, meant: str) -> None:
    assert names.search(typed)[0].iri.endswith(meant)


def test_a_word_inside_a_compound_is_found_after_whole_words_and_beginnings(names: NameIndex) -> None:
    hits = names.search("nämnd", kinds=[STYR + "Committee"], most=50)
    assert any(iri.endswith(BYGGNADSNÄMNDEN) for iri in found(hits))
    whole = [hit.score for hit in hits if "nämnd" in hit.name.casefold().split() or "nämnden" in hit.name.casefold().split()]
    inside = [hit.score for hit in hits if hit.iri.endswith(BYGGNADSNÄMNDEN)]
    assert whole and min(whole) > max(inside)


def test_hits_come_in_the_order_exact_whole_word_beginning_inside(names: NameIndex) -> None:
    scores = [hit.score for hit in names.search("samverkan", most=50)]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)
    assert names.search("samverka")[0].score < scores[0]
    assert names.search("samvrekan")[0].score < 0.4


def test_the_more_used_of_two_with_the_same_words_comes_first(names: NameIndex) -> None:
    labels = [hit.label for hit in names.search("jämlik stad", kinds=[STYR + "GoverningDocument"])]
    assert labels[0] == "Göteborgs Stads plan för en jämlik stad 2019-2022"


def test_one_hit_a_thing_and_no_more_than_asked_for(names: NameIndex) -> None:
    hits = names.search("stad", most=7)
    assert len(hits) == 7 == len(set(found(hits)))


def test_labels_are_in_the_language_asked_for(names: NameIndex) -> None:
    assert names.search("byggnadsnämnden", language="en")[0].label == "City Planning and Building Committee"
    assert names.search("City Planning and Building Committee", language="sv")[0].label == "Byggnadsnämnden"


def test_a_hit_tells_its_kind_its_document_and_the_name_that_matched(names: NameIndex) -> None:
    hit = names.search("skolan som arena")[0]
    assert (hit.kind, hit.name, hit.score) == (STYR + "Activity", "skolan som arena", 0.995)
    assert hit.document is not None and hit.document.endswith(PLANEN)
    assert names.kind_label(hit.kind) == "aktivitet"


def test_kinds_narrow_the_search_also_by_broader_classes(names: NameIndex) -> None:
    assert {hit.kind for hit in names.search("skolan", kinds=[STYR + "Activity"])} == {STYR + "Activity"}
    assert found(names.search("polisen", kinds=[STYR + "Actor"]))
    assert names.search("polisen", kinds=[STYR + "Document"]) == []
    assert names.search("polisen", kinds=["https://example.org/NoSuchClass"]) == []


def test_diacritics_that_are_right_are_better_than_those_that_are_not(names: NameIndex) -> None:
    right, folded = names.search("Byggnadsnämnden")[0], names.search("Byggnadsnamnden")[0]
    assert right.score == 1.0 > folded.score > 0.9
    decomposed = unicodedata.normalize("NFD", "Byggnadsnämnden")
    assert names.search(decomposed)[0].score == 1.0


@pytest.mark.parametrize("typed", ["", " ", "!?", "xqzwvk", "–", "''", '"', "\x00", "\ud800"])
def test_nothing_is_found_for_nothing(names: NameIndex, typed: str) -> None:
    assert names.search(typed) == []
    assert names.spot(typed) == []


@pytest.mark.parametrize(
    "typed",
    ['byggnadsnämnden"', "byggnadsnämnden*", "byggnadsnämnden NEAR(", "words:byggnadsnämnden", "^byggnadsnämnden", "(((",
     "byggnadsnämnden OR", "NOT byggnadsnämnden", "-byggnadsnämnden", "byggnadsnämnden'; DROP TABLE name; --",
     "{words} : byggnadsnämnden", "AND AND", "\\", "%", "_"],
)  # fmt: skip
def test_what_is_syntax_to_the_engine_is_only_text(names: NameIndex, typed: str) -> None:
    hits = names.search(typed, most=50)
    if "byggnadsnämnden" in typed:
        assert any(iri.endswith(BYGGNADSNÄMNDEN) for iri in found(hits))
    assert names.search("byggnadsnämnden")[0].score == 1.0


TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["byggnadsnämnden", "plan", "för", "jämlik", '"', "*", "NEAR(", "stad", "KS:s", "och", "ﬁ", "2019", "ª"]
        )
    ).map(" ".join),
)


@hypothesis_settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(text=TEXTS, most=st.integers(1, 20))
@example(text="a𞤀b", most=5)
@example(text="ﷺ" * 50, most=5)
@example(text="byggnadsnämnden " * 200, most=5)
def test_no_text_breaks_the_index(names: NameIndex, text: str, most: int) -> None:
    hits = names.search(text, most=most)
    assert len(hits) <= most
    assert all(0 <= hit.score <= 1 for hit in hits)
    for spot in names.spot(text):
        assert 0 <= spot.start < spot.end <= len(text)
        assert spot.hits and all(0 < hit.score <= 1 for hit in spot.hits)


@given(text=st.text(max_size=40))
def test_words_stand_where_they_say(text: str) -> None:
    for word in words(text):
        assert plain(text[word.start : word.end])
        assert word.plain.isalnum()


@pytest.mark.parametrize(
    "forms",
    ["byggnadsnämnd byggnadsnämnden byggnadsnämndens byggnadsnämndernas", "kontor kontoret kontorets",
     "skola skolan skolans skolor",
     "program programmet programmen", "plan planen planens planerna", "handlingsplan handlingsplanen handlingsplanerna",
     "råd rådet rådets", "civilsamhälle civilsamhället"],
)  # fmt: skip
def test_all_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(word.plain) for word in words(forms)}) == 1


@pytest.mark.parametrize(
    ("sentence", "place", "meant"),
    [
        ("Vilka aktiviteter berör Framtiden?", "Framtiden", FRAMTIDEN),
        ("vad är framtidens roll i planen", "framtidens", FRAMTIDEN),
        ("Vad är byggnadsnämndens ansvar?", "byggnadsnämndens", BYGGNADSNÄMNDEN),
        ("vad ansvarar bygnadsnämnden för", "bygnadsnämnden", BYGGNADSNÄMNDEN),
        ("vad ansvarar byggnadsnamnden för", "byggnadsnamnden", BYGGNADSNÄMNDEN),
        ("vad ansvarar byggnads nämnden för", "byggnads nämnden", BYGGNADSNÄMNDEN),
        (
            "What is the City Planning and Building Committee's part?",
            "City Planning and Building Committee's",
            BYGGNADSNÄMNDEN,
        ),
        ("Är grunskolenämnden med?", "grunskolenämnden", "/actor/grundskolenamnden"),
        ("stadsdelsnämndernas uppgifter", "stadsdelsnämndernas", "/actor/stadsdelsnamnderna"),
        ("Har NAV svarat?", "NAV", "/actor/namnden-for-arbetsmarknad-och-vuxenutbildning"),
        ("Har NAV:s yttrande kommit?", "NAV:s", "/actor/namnden-for-arbetsmarknad-och-vuxenutbildning"),
        ("vad säger sdn", "sdn", "/actor/stadsdelsnamnderna"),
        ("vad gör idrotts- och föreningsnämnden", "idrotts- och föreningsnämnden", "/actor/idrotts-och-foreningsnamnden"),
        ("vilka deltar i skolan som gemensam arena", "skolan som gemensam arena", SKOLAN),
        ("Vad står det i plan för en jämlik stad om barn?", "plan för en jämlik stad", PLANEN),
        ("Vem fick planen för en jämlik stad på remiss?", "planen för en jämlik stad", PLANEN),
        ("Vem tog fram MR-handlingsplanen?", "MR-handlingsplanen", "/document/handlingsplan-manskliga-rattigheter"),
        ("hur jobbar man med mäniskliga rättigheter", "mäniskliga rättigheter", "/manskliga-rattigheter"),
        ("social resursnämnds beslut", "social resursnämnds", "/actor/social-resursnamnd"),
    ],
)
def test_a_name_is_spotted_in_a_sentence(names: NameIndex, sentence: str, place: str, meant: str) -> None:
    assert meant in spotted(names, sentence)[place]


def test_every_name_of_a_sentence_is_spotted(names: NameIndex) -> None:
    places = spotted(names, "Hur hänger KS, SDN, VGR och SLK ihop med Framtiden och byggnadsnämnden?")
    assert set(places) == {"KS", "SDN", "VGR", "SLK", "Framtiden", "byggnadsnämnden"}


def test_a_distinctive_part_of_a_long_title_is_spotted_but_surely_less_than_the_whole(names: NameIndex) -> None:
    sentence = "vem ansvarar för rätt till goda och likvärdiga uppväxtvillkor i staden"
    spot = names.spot(sentence)[0]
    assert "likvärdiga uppväxtvillkor" in sentence[spot.start : spot.end]
    assert any(hit.iri.endswith(SKOLAN) for hit in spot.hits)
    assert 0.3 < spot.hits[0].score < 0.95


@pytest.mark.parametrize(
    "sentence",
    ["Vilka nämnder i staden har ansvar?", "nämnd stad ansvar vilka", "Hur blir vädret imorgon?", "Vad kostar det per år?",
     "Vem beslutade om detta och när?", "Which committees are responsible for what?",
     "gällde det 2020 eller 2021", "finns det något som saknas i år"],
)  # fmt: skip
def test_ordinary_words_are_no_names(names: NameIndex, sentence: str) -> None:
    assert spotted(names, sentence) == {}


def test_the_longest_place_comes_first_and_names_inside_it_are_kept(names: NameIndex) -> None:
    sentence = "Vad gör Förvaltnings AB Framtiden?"
    spots = names.spot(sentence)
    places = [sentence[spot.start : spot.end] for spot in spots]
    assert places[0] == "Förvaltnings AB Framtiden" and "Framtiden" in places
    assert [spot.end - spot.start for spot in spots] == sorted((spot.end - spot.start for spot in spots), reverse=True)


def test_kinds_narrow_what_is_spotted(names: NameIndex) -> None:
    sentence = "Hur deltar Framtiden i skolan som gemensam arena?"
    assert set(found([spot.hits[0] for spot in names.spot(sentence, kinds=[STYR + "Activity"])])) == {
        iri for iri in spotted(names, sentence).values() if iri.endswith(SKOLAN)
    }


def test_threads_search_at_the_same_time(names: NameIndex) -> None:
    results: list[str] = []

    def ask() -> None:
        results.extend(names.search("byggnadsnämnden")[0].label for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["Byggnadsnämnden"] * 160


def test_a_release_comes_with_its_index_and_the_index_is_only_read(graph: Graph) -> None:
    assert isinstance(graph.release, Release)
    path = graph.release.folder / build.FILE
    before = path.read_bytes()
    NameIndex(path).search("byggnadsnämnden")
    assert path.read_bytes() == before
    assert sorted(path.parent.glob("names.sqlite*")) == [path]


def test_the_index_holds_every_named_thing_but_claims_and_statements(graph: Graph, names: NameIndex) -> None:
    query = """SELECT DISTINCT ?thing WHERE { ?thing rdfs:label ?label ; a ?class
               FILTER(STRSTARTS(STR(?thing), "https://w3id.org/styrgraf/id/")) MINUS { ?thing a rdf:Statement }
               MINUS { ?thing a styr:ResponsibilityStatement } }"""
    expected = {row["thing"].value for row in graph.store.select(query).rows}
    with sqlite3.connect(graph.release.folder / build.FILE) as base:
        assert {iri for (iri,) in base.execute("SELECT iri FROM thing")} == expected
    base.close()


def test_a_release_that_came_without_an_index_gets_one(graph: Graph, tmp_path: Path) -> None:
    path = build.ensure(graph.store, graph.content, tmp_path)
    assert NameIndex(path).search("KS")[0].label == "Kommunstyrelsen"
    written = path.stat().st_mtime_ns
    assert build.ensure(graph.store, graph.content, tmp_path).stat().st_mtime_ns == written
    assert list(tmp_path.iterdir()) == [path]
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA user_version = 0")
    base.close()
    assert NameIndex(build.ensure(graph.store, graph.content, tmp_path)).search("KS")
    assert path.stat().st_mtime_ns > written


def test_a_new_release_has_the_new_names(content: Content, tmp_path: Path) -> None:
    root = tmp_path / "content"
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(content.root / folder, root / folder)
    from graphsvc.release.build import ensure

    workspace = tmp_path / "workspace"
    actors = root / "data" / "actors.ttl"
    text = actors.read_text("utf-8")
    assert '"Higab AB"@sv' in text
    actors.write_text(text.replace('"Higab AB"@sv', '"Higab AB"@sv , "Kvasthusbolaget"@sv'), "utf-8")
    changed = Content(root)
    hit = Graph(changed, ensure(changed, workspace)).names.search("kvasthusbolaget")[0]
    assert (hit.label, hit.name) == ("Higab", "Kvasthusbolaget")


class _Changing:
    """A store that gives fewer things than it counts."""

    def select(self, query: str) -> Table:
        if "COUNT" in query:
            return Table(["things"], [{"things": Literal("3")}])
        rows = [] if "OFFSET 0" not in query else [{"thing": Iri("https://w3id.org/styrgraf/id/a")}]
        return Table(["thing"], list(rows))


def test_a_store_that_gives_only_some_is_not_indexed(content: Content) -> None:
    with pytest.raises(NamesMissed, match="1 av 3"):
        list(gather.things_of(_Changing(), content, STYR + "Actor"))  # type: ignore[arg-type]


def test_a_python_without_full_text_search_is_told_so(monkeypatch: pytest.MonkeyPatch, graph: Graph, tmp_path: Path) -> None:
    class Lacking(sqlite3.Connection):
        def execute(self, sql: str, *given: object) -> sqlite3.Cursor:  # type: ignore[override]
            raise sqlite3.OperationalError("no such module: fts5")

    real = sqlite3.connect
    monkeypatch.setattr(build.sqlite3, "connect", lambda path: real(path, factory=Lacking))
    with pytest.raises(NoFullText, match="FTS5"):
        build.build(graph.store, graph.content, tmp_path / "names.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def client(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    """A client of the service over the shipped data."""
    with TestClient(create_app(graph, settings), raise_server_exceptions=False) as client:
        yield client


def test_the_service_tells_what_it_found_and_where_that_is(client: TestClient, graph: Graph) -> None:
    answer = client.get("/api/search", params={"q": "bygnadsnämnden"}).json()
    assert answer["query"] == "bygnadsnämnden" and answer["release"] == graph.release.manifest.name
    hit = answer["hits"][0]
    assert hit["label"] == "Byggnadsnämnden"
    assert hit["kind"] == {"iri": STYR + "Committee", "label": "nämnd"}
    assert hit["document"] is None
    assert client.get(hit["link"], headers={"Accept": "text/html"}).status_code == 200


def test_the_service_takes_language_kinds_and_number(client: TestClient) -> None:
    asked = {"q": "skol", "lang": "en", "kind": ["Activity", "styr:Committee"], "most": "2"}
    hits = client.get("/api/search", params=asked).json()["hits"]
    assert len(hits) == 2
    assert {hit["kind"]["label"] for hit in hits} <= {"activity", "committee"}
    assert hits[0]["document"]["label"] == "City of Gothenburg’s plan for an equal city 2019–2022"


@pytest.mark.parametrize(
    ("given", "status"),
    [({}, 422), ({"q": "x" * 201}, 422), ({"q": "x", "most": "0"}, 422), ({"q": "x", "most": "51"}, 422),
     ({"q": "x", "lang": "de"}, 422), ({"q": "x", "kind": "Nosuch"}, 400), ({"q": ""}, 200), ({"q": "x" * 200}, 200)],
)  # fmt: skip
def test_the_service_refuses_what_it_cannot_search_by(client: TestClient, given: dict[str, str], status: int) -> None:
    response = client.get("/api/search", params=given)
    assert response.status_code == status
    assert str(status) in client.get("/openapi.json").json()["paths"]["/api/search"]["get"]["responses"]


def test_a_kind_is_named_in_several_ways(names: NameIndex) -> None:
    assert {names.kind_named(name) for name in ("Actor", "styr:Actor", STYR + "Actor")} == {STYR + "Actor"}
    with pytest.raises(BadParameter, match="Nosuch"):
        names.kind_named("Nosuch")


def test_the_command_line_prints_what_was_found(settings: Settings, graph: Graph) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(cli, ["--workspace", str(settings.workspace), "search", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert run("bygnadsnämnden").splitlines()[0].split() == ["Byggnadsnämnden", "nämnd"]
    assert run("xqzwvk").strip() == "Inget i grafen har ett sådant namn."
    assert run("xqzwvk", "--lang", "en").strip() == "Nothing in the graph has such a name."
    told = json.loads(run("NAV", "--format", "json"))
    assert told["hits"][0]["name"] == "NAV" and told["release"] == graph.release.manifest.name
    rows = list(csv.reader(io.StringIO(run("skolan som arena", "--format", "csv").removeprefix("\ufeff"))))
    assert rows[0][0] == "Namn" and rows[1][1] == "aktivitet"
