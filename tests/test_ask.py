"""Asking in plain words: what is read in a sentence, what is answered, and what is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from asked_sentences import entries, is_right
from click.testing import CliRunner
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from graphsvc.ask import ask
from graphsvc.ask.dates import days
from graphsvc.ask.lexicon import read_lexicon
from graphsvc.cli.main import cli
from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.graph import Graph
from graphsvc.settings import Settings
from graphsvc.web.app import create_app

KINDS = {
    "plain", "inflection", "word-order", "synonym", "short-name", "everyday", "typo", "foreign-keyboard", "english",
    "two-names", "count", "yes-no", "negation", "date", "superlative", "missing",
}  # fmt: skip
CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
STATUSES = {"answered", "empty", "unknown-name", "ambiguous", "not-covered", "not-understood", "timed-out"}


@pytest.mark.parametrize(
    ("name", "least", "fewest"), [("tuned", 0.96, 700), ("further", 0.92, 1400), ("held-out", 0.92, 960)]
)
def test_phrasings_are_read_right(graph: Graph, name: str, least: float, fewest: int) -> None:
    told = entries(name)
    assert len(told) >= fewest
    assert {entry["kind"] for entry in told} == KINDS
    by_kind: dict[str, list[bool]] = defaultdict(list)
    wrong = []
    for entry in told:
        asked = ask(graph, entry["q"])
        by_kind[entry["kind"]].append(is_right(asked, entry))
        if not by_kind[entry["kind"]][-1]:
            wrong.append((entry["q"], asked.status, asked.understood and asked.understood.id))
    shares = {kind: f"{sum(right)}/{len(right)}" for kind, right in sorted(by_kind.items())}
    right = sum(map(sum, by_kind.values()))
    assert right / len(told) >= least, (right, len(told), shares, wrong)


@pytest.mark.parametrize(
    ("name", "fewest", "most_wrong"), [("refuse", 150, 0), ("further-refuse", 520, 25), ("held-out-refuse", 200, 17)]
)
def test_what_cannot_be_answered_is_refused(graph: Graph, name: str, fewest: int, most_wrong: int) -> None:
    told = entries(name)
    assert len(told) >= fewest
    asked = {entry["q"]: ask(graph, entry["q"]) for entry in told}
    made_up = [(entry["q"], asked[entry["q"]].text) for entry in told if asked[entry["q"]].status not in entry["status"]]
    assert len(made_up) <= most_wrong, made_up
    refused = [answer for answer in asked.values() if answer.status in ("not-covered", "not-understood", "unknown-name")]
    assert all(answer.suggestions and answer.text and not answer.answers for answer in refused)


def test_no_held_out_sentence_was_tuned_on() -> None:
    held_out = {entry["q"].casefold() for name in ("held-out", "held-out-refuse") for entry in entries(name)}
    tuned = {entry["q"].casefold() for name in ("tuned", "further", "refuse", "further-refuse") for entry in entries(name)}
    assert not held_out & tuned


def test_who_answers_and_who_takes_part_are_not_exchanged_where_it_is_asked_whether_it_is_so(graph: Graph) -> None:
    asked = ask(graph, "Ansvarar Framtiden för någon aktivitet där byggnadsnämnden deltar?")
    assert asked.status == "empty" and asked.text.startswith("Nej")
    money = ask(graph, "Delmos pengar till Bollnäs")
    assert money.understood and money.understood.parameters["recipient"].label == "Bollnäs kommun"


def test_an_actor_stands_for_its_one_publication(graph: Graph) -> None:
    asked = ask(graph, "Vilket målområde blir utan aktivitet i Stadshus förslag?")
    assert asked.understood and asked.understood.parameters["document"].label.startswith("Göteborgs Stadshus AB:s yttrande")


def test_every_question_can_be_asked_and_is_in_at_least_two_phrasings(graph: Graph) -> None:
    known = {question.id for question in graph.questions}
    counted = dict.fromkeys(known, 0)
    for entry in entries("tuned"):
        for name in entry["id"]:
            assert name in known, entry
            counted[name] += 1
    assert not {name: count for name, count in counted.items() if count < 2}


def test_the_examples_of_the_questions_are_read_as_those_questions(graph: Graph) -> None:
    examples = [(q.id, text, lang) for q in graph.questions for lang in ("sv", "en") for text in q.examples[lang]]
    wrong = []
    for name, text, lang in examples:
        asked = ask(graph, text, lang)
        if not asked.understood or name not in [asked.understood.id, *(other.id for other in asked.alternatives)]:
            wrong.append((name, text, asked.status, asked.understood and asked.understood.id))
    assert len(wrong) / len(examples) <= 0.1, wrong


STEPS = [
    ("Vilka aktiviteter involverar Framtiden, och hur?", "activities-involving-actor", "Kommunala bolag"),
    ("Vad ansvarar byggnadsnämnden för och med vilka?", "duties-with-participants", "Samverkan för jämlik tillgång"),
    (
        "Vilka är med i både Skolan som gemensam arena och Livsmiljöer och bostäder?",
        "actors-in-two-activities",
        "Byggnadsnämnden",
    ),
    ("Vilka har skyldigheter i planen men tillfrågades inte?", "consulted-and-affected", "men inte tillfrågad"),
    (
        "Vilket målområde har ingen aktivitet i den föreslagna strukturen?",
        "dropped-moved-unplaced",
        "målområde utan aktivitet",
    ),
    ("Hur hänger Framtiden ihop med programmet?", "actor-and-document", "Göteborgs Stads plan för en jämlik stad 2019-2022"),
    ("Vad är källorna oense om?", "disagreements", "2018-01-25"),
]


@pytest.mark.parametrize(("sentence", "name", "told"), STEPS, ids=[name for _, name, _ in STEPS])
def test_what_a_strategist_wants_is_answered_in_one_step_with_passages(
    graph: Graph, sentence: str, name: str, told: str
) -> None:
    asked = ask(graph, sentence)
    assert asked.status == "answered"
    assert asked.understood is not None
    assert asked.understood.id == name
    assert any(told in cell.label for found in asked.answers for cell in found.cells.values())
    assert any(found.evidence for found in asked.answers)


def test_the_answer_has_the_shape_that_is_promised(graph: Graph) -> None:
    told = ask(graph, "Vilka aktiviteter berör Framtiden?").to_json()
    assert list(told) == [
        "question", "status", "understood", "answers", "text", "suggestions", "alternatives", "sparql", "release", "link",
    ]  # fmt: skip
    assert {"id", "title", "parameters", "confidence"} <= set(told["understood"])
    assert told["understood"]["parameters"]["actor"]["label"] == "Förvaltnings AB Framtiden"
    groups = [answer for answer in told["answers"] if answer["via"] == "group"]
    through = next(answer for answer in groups if answer["through"]["label"] == "Kommunala bolag")
    assert through["rank"] == "preferred"
    assert through["document"]["status"] == "förslag"
    assert set(through["evidence"][0]) == {"source", "quote", "heading", "page"}
    assert told["link"] == "/fraga?q=Vilka+aktiviteter+ber%C3%B6r+Framtiden%3F"
    assert told["text"].endswith(", delvis enligt förslag.")


YES_OR_NO = [
    ("Är Framtiden med i Skolan som gemensam arena?", "Ja"),
    ("Ansvarar byggnadsnämnden för Skolan som gemensam arena?", "Nej"),
    ("Ansvarar grundskolenämnden för det familjecentrerade arbetssättet?", "Ja"),
    ("Fick kulturnämnden planen på remiss?", "Ja"),
    ("Är Higab ett kommunalt bolag?", "Ja"),
    ("Är planen antagen?", "Nej"),
    ("Är programmet för en jämlik stad antaget?", "Ja"),
    ("Has the plan for an equal city been adopted?", "No"),
]


@pytest.mark.parametrize(("sentence", "begins"), YES_OR_NO, ids=[sentence for sentence, _ in YES_OR_NO])
def test_a_yes_or_no_question_is_answered_with_yes_or_no(graph: Graph, sentence: str, begins: str) -> None:
    asked = ask(graph, sentence, "en" if begins in ("Yes", "No") else "sv")
    assert asked.text.startswith(begins), asked.text


@pytest.mark.parametrize(
    ("sentence", "statuses", "ending"),
    [
        ("Vem ansvarar för Skolan som gemensam arena?", {"förslag"}, ", enligt förslaget."),
        ("Vilka aktiviteter berör Framtiden?", {"förslag", None}, ", delvis enligt förslag."),
    ],
)
def test_a_proposal_is_told_of_as_far_as_the_answer_rests_on_one(
    graph: Graph, sentence: str, statuses: set[str | None], ending: str
) -> None:
    asked = ask(graph, sentence)
    assert {row.status for row in asked.answers} == statuses
    assert asked.text.endswith(ending)


def test_how_many_is_answered_with_the_number(graph: Graph) -> None:
    asked = ask(graph, "Hur många aktiviteter berör Framtiden?")
    number = len({found.label for found in asked.answers})
    assert str(number) in asked.text
    assert number > 3


@pytest.mark.parametrize(
    "sentence", ["Vad ansvarar byggnadsnamnden for?", "VAD ANSVARAR BYGGNADSNÄMNDEN FÖR", "bygnadsnämndens ansvar"]
)
def test_other_keyboards_cases_and_slips_are_seen_through(graph: Graph, sentence: str) -> None:
    understood = ask(graph, sentence).understood
    assert understood is not None
    assert understood.id == "activities-by-responsible"
    assert understood.parameters["actor"].label == "Byggnadsnämnden"


def test_an_unknown_name_is_told(graph: Graph) -> None:
    asked = ask(graph, "Vilka aktiviteter ansvarar Sjöfartsverket för?")
    assert asked.status == "unknown-name"
    assert "Sjöfartsverket" in asked.text


def test_what_is_not_covered_says_what_can_be_asked(graph: Graph) -> None:
    asked = ask(graph, "Hur blir vädret i morgon?")
    assert asked.status == "not-covered"
    assert all(ask(graph, suggestion).status in ("answered", "empty") for suggestion in asked.suggestions)


def test_names_in_order_are_the_parameters_in_order(graph: Graph) -> None:
    understood = ask(graph, "Vilka bidrag gick från Tillväxtverket till Gävle kommun?").understood
    assert understood is not None
    assert [understood.parameters[name].label for name in ("giver", "recipient")] == ["Tillväxtverket", "Gävle kommun"]


def test_limits(graph: Graph) -> None:
    assert "1000" in ask(graph, "vilka aktiviteter berör Framtiden " * 40).text
    names = "Framtiden, Higab, kulturnämnden, lokalnämnden, kommunstyrelsen, Polisen, " * 4
    assert "20" in ask(graph, f"Vad gör {names}?").text


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP ALL; --",
        "} INSERT DATA { <x:a> <x:b> <x:c> } #",
        "<script>alert(1)</script>",
        "\x00\u202e",
        "${jndi:x}",
        "[[[{{{",
    ],
)
def test_odd_texts_are_refused_and_do_nothing(graph: Graph, text: str) -> None:
    asked = ask(graph, text)
    assert asked.status in ("not-understood", "not-covered", "unknown-name")
    assert not asked.answers


@given(st.text(max_size=200), st.sampled_from(["sv", "en"]))
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=CHECKS)
def test_any_text_gets_some_answer(graph: Graph, text: str, language: str) -> None:
    assert ask(graph, text, language).status in STATUSES


WORDS = st.sampled_from(sorted({word for entry in entries("tuned") for word in entry["q"].split()}))


@given(st.lists(WORDS, max_size=14))
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=CHECKS)
def test_any_words_in_any_order_get_some_answer(graph: Graph, words: list[str]) -> None:
    asked = ask(graph, " ".join(words))
    assert asked.status in STATUSES
    assert asked.text
    assert asked.to_json()["status"] == asked.status


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("den 1 juni 2020", "2020-06-01"),
        ("2018-06-01", "2018-06-01"),
        ("June 1, 2020", "2020-06-01"),
        ("gällde 2020", "2020-01-01"),
        ("i mars 2019", "2019-03-01"),
        ("1/6 2020", "2020-06-01"),
        ("20200601", "2020-06-01"),
    ],
)
def test_days_are_read(text: str, day: str) -> None:
    assert [found.value.isoformat() for found in days(text)] == [day]


@pytest.mark.parametrize("text", ["2019–2022", "2018:118", "SOU 2017:47", "99 dagar"])
def test_spans_and_numbers_are_no_days(text: str) -> None:
    assert not days(text)


@pytest.fixture(scope="module")
def client(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    """A client of the service over the shipped data."""
    with TestClient(create_app(graph, settings)) as client:
        yield client


def test_the_api_answers_a_sentence(client: TestClient, graph: Graph) -> None:
    sentence = "Vilka aktiviteter berör Framtiden?"
    answer = client.get("/api/ask", params={"q": sentence})
    assert answer.status_code == 200
    assert answer.json() == ask(graph, sentence).to_json()
    english = client.get("/api/ask", params={"q": "Which activities involve Framtiden?", "lang": "en"}).json()
    assert english["understood"]["title"] == "Activities that involve an actor"
    assert client.get("/api/ask").status_code == 422


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_command_answers_a_sentence(settings: Settings, graph: Graph, form: str) -> None:
    arguments = ["--workspace", str(settings.workspace), "ask", "Vilka aktiviteter berör Framtiden?", "--format", form]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert "Kommunala bolag" in result.output
    if form == "table":
        assert result.output.lstrip().startswith("Förstått som: Aktiviteter som berör Förvaltnings AB Framtiden")


def test_a_language_file_with_a_fault_is_named(tmp_path: Path) -> None:
    (tmp_path / "queries" / "language").mkdir(parents=True)
    (tmp_path / "queries" / "language" / "ord.yaml").write_text("annat: {sv: [ord]}", "utf-8")
    with pytest.raises(BadFile, match="Okända fält: annat"):
        read_lexicon(Content(tmp_path))
