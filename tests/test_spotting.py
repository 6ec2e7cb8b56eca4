"""Names spotted in the sentences that people write, in the shipped data."""

from __future__ import annotations

import pytest

from graphsvc.namespaces import STYR
from graphsvc.search.index import NameIndex

BYGGNADSNÄMNDEN = "/actor/byggnadsnamnden"
FRAMTIDEN = "/actor/forvaltnings-ab-framtiden"
SKOLAN = "/plan-for-en-jamlik-stad-2019-2022/skolan-som-arena"
PLANEN = "/document/plan-for-en-jamlik-stad-2019-2022"


def spotted(names: NameIndex, sentence: str) -> dict[str, str]:
    """What each place in a sentence most likely names."""
    return {sentence[spot.start : spot.end]: spot.hits[0].iri for spot in names.spot(sentence)}


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
    (spot,) = {spot.hits[0].iri for spot in names.spot(sentence, kinds=[STYR + "Activity"])}
    assert spot.endswith(SKOLAN)
