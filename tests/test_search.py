"""Names searched by what people type, in the shipped data."""

from __future__ import annotations

import csv
import io
import json
import threading
import unicodedata
from collections.abc import Callable

import pytest
from click.testing import Result
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graphsvc.errors import BadParameter
from graphsvc.graph import Graph
from graphsvc.namespaces import STYR
from graphsvc.search.folding import plain, stem, words
from graphsvc.search.index import Hit, NameIndex

BYGGNADSNÄMNDEN = "/actor/byggnadsnamnden"
FRAMTIDEN = "/actor/forvaltnings-ab-framtiden"
SKOLAN = "/plan-for-en-jamlik-stad-2019-2022/skolan-som-arena"
PLANEN = "/document/plan-for-en-jamlik-stad-2019-2022"


def found(hits: list[Hit] | tuple[Hit, ...]) -> list[str]:
    """The IRIs of hits, from their kind of thing on."""
    return [hit.iri for hit in hits]


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


def test_the_command_line_prints_what_was_found_as_the_service_tells_it(
    run: Callable[..., Result], client: TestClient, graph: Graph
) -> None:
    def said(*arguments: str) -> str:
        result = run("search", *arguments)
        assert result.exit_code == 0, result.output
        return str(result.stdout)

    assert said("bygnadsnämnden").splitlines()[0].split() == ["Byggnadsnämnden", "nämnd"]
    assert said("xqzwvk").strip() == "Inget i grafen har ett sådant namn."
    assert said("xqzwvk", "--lang", "en").strip() == "Nothing in the graph has such a name."
    told = json.loads(said("NAV", "--format", "json"))
    assert told["hits"][0]["name"] == "NAV" and told["release"] == graph.release.manifest.name
    assert told["hits"] == client.get("/api/search", params={"q": "NAV"}).json()["hits"]
    rows = list(csv.reader(io.StringIO(said("skolan som arena", "--format", "csv").removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][0] == "Namn" and rows[1][1] == "aktivitet"
