"""What is there in English is English: the words of pages and of answers that are ours, not a source's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from fastapi.testclient import TestClient
from strict_html import parsed

from graphsvc.graph import Graph
from graphsvc.namespaces import STYR
from graphsvc.terms import Literal

CASES = sorted((Path(__file__).parent / "queries" / "questions").glob("*.yaml"))
PLAN, PROGRAMME = "plan-for-en-jamlik-stad-2019-2022", "program-for-en-jamlik-stad-2018-2026"
BUILDING = "id:goteborg/actor/byggnadsnamnden"
PAGES = [
    "/", "/fraga", "/fraga?q=Which+activities+involve+Framtiden%3F", "/fraga?q=What+is+the+weather%3F", "/fragor",
    "/fragor/findings", f"/fragor/consulted-and-affected?document=id:goteborg/document/{PLAN}",
    f"/fragor/dropped-moved-unplaced?document=id:goteborg/document/{PLAN}", "/fragor/names-of-actor?actor=framtiden",
    "/aktorer", "/dokument", "/aktiviteter", "/kallor", "/aktor/goteborg/byggnadsnamnden", f"/dokument/goteborg/{PLAN}",
    f"/dokument/goteborg/{PROGRAMME}", f"/dokument/goteborg/{PLAN}/skolan-som-arena",
    "/kalla/goteborg/artikel-jamlikt-goteborg-2018", "/luckor", f"/matris?document=id:goteborg/document/{PLAN}&groups=yes",
    "/kedja", f"/kedja?fran=framtiden&till=id:goteborg/document/{PROGRAMME}", f"/kedja?om={BUILDING}",
    f"/kedja?om=id:goteborg/document/{PLAN}&del=down", "/bilder", f"/bild/actor-surroundings?about={BUILDING}",
    f"/bild/referral?about=id:goteborg/document/{PLAN}", f"/jamfor?a={BUILDING}&b=framtiden",
    f"/jamfor?document=id:goteborg/document/{PLAN}",
    "/sparql?format=html&query=" + quote("SELECT ?a WHERE { ?a a styr:Plan }"),
]  # fmt: skip
WRONG = ["/fragor/documents-valid-on?date=x", "/fragor/goals-by-year?year=x", "/fragor/names-of-actor?actor=framtidn",
         "/kedja?fran=" + "x" * 301, "/jamfor?a=framtidn"]  # fmt: skip
SMALL_WORDS = (
    "och|att|som|för|med|till|från|inte|eller|är|av|på|det|den|ett|vad|vem|vilka|hur|inga?|finns|alla|sida|visa|källa"
)
SWEDISH = re.compile(rf"[åäöÅÄÖ]|\b(?:{SMALL_WORDS})\b", re.IGNORECASE)
SAID_BY_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "content", "label")


@pytest.fixture(scope="module")
def data(graph: Graph) -> re.Pattern[str]:
    """What the data itself says somewhere: names, titles, quotations, in either language, and the examples of questions."""
    rows = graph.store.select("SELECT DISTINCT ?text WHERE { ?s ?p ?text . FILTER(isLiteral(?text)) }").rows
    texts = {row["text"].value for row in rows} | {text for q in graph.questions for text in q.examples["en"]}
    readers = {" ".join(text.split()).replace("-20", "–20") for text in texts}  # years have a dash for readers
    long = sorted(
        (text for text in readers | {" ".join(text.split()) for text in texts} if len(text) > 3), key=len, reverse=True
    )
    return re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in long), re.IGNORECASE)


def _said(element: Any) -> Iterator[str]:
    """What a page says for people to read, code and the way to the page in Swedish apart."""
    if not isinstance(element.tag, str) or element.tag in ("script", "style", "code", "textarea", "pre"):
        return
    if element.get("hreflang") == "sv":
        return
    yield from (element.get(name) for name in SAID_BY_ATTRIBUTES if element.get(name))
    yield element.text or ""
    for child in element:
        yield from _said(child)
        yield child.tail or ""


def swedish_in(html: str, data: re.Pattern[str]) -> Iterator[str]:
    """The Swedish on a page that is not the data's own: words of ours."""
    texts = (" ".join(text.split()) for text in _said(parsed(html)))
    doubtful = (text for text in texts if SWEDISH.search(text) and not text.startswith("http"))
    return (left for text in doubtful if SWEDISH.search(left := data.sub(" ", text)))


@pytest.mark.parametrize("path", PAGES + WRONG)
def test_an_english_page_has_no_swedish_of_ours(client: TestClient, data: re.Pattern[str], path: str) -> None:
    answer = client.get(path + ("&" if "?" in path else "?") + "lang=en")
    assert answer.status_code in ((400, 404) if path in WRONG else (200,))
    assert list(swedish_in(answer.text, data)) == []
    swedish = client.get(path).text.replace('<html lang="sv"', "<html")
    assert any(swedish_in(swedish, data)), "the same page in Swedish is seen to be so"


def test_every_answer_says_in_english_what_the_question_itself_says(graph: Graph) -> None:
    labels, concepts, wordy = _labels(graph), 0, set()
    for path in CASES:
        question = graph.questions[path.stem]
        written = set(re.findall(r'"([^"]*[^\W\d_]{2}[^"]*)"', re.sub("(?m)^#.*", "", question.query)))
        for case in yaml.safe_load(path.read_text("utf-8")):
            given = {name: str(value) for name, value in (case.get("given") or {}).items()}
            for cell in (cell for row in graph.answer(path.stem, given, "en").rows for cell in row.cells.values()):
                if cell.term.value.startswith(STYR):
                    concepts += 1
                    assert cell.text == labels[cell.term.value]["en"], path.stem
                elif isinstance(cell.term, Literal) and cell.term.value in written:
                    wordy.add(path.stem)
                    assert cell.text != cell.term.value and not SWEDISH.search(cell.text), (path.stem, cell.text)
    assert concepts > 200
    assert {"consulted-and-affected", "dropped-moved-unplaced", "findings", "names-of-actor"} <= wordy


def _labels(graph: Graph) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in graph.store.select("SELECT ?thing ?label WHERE { ?thing rdfs:label ?label }").rows:
        found.setdefault(row["thing"].value, {})[getattr(row["label"], "language", "")] = row["label"].value
    return found


def test_findings_are_told_in_the_language_that_is_asked_for(graph: Graph) -> None:
    told = {language: graph.answer("findings", {}, language).rows for language in ("sv", "en")}
    assert len(told["sv"]) == len(told["en"]) > 10
    messages = {language: {row.cells["message"].text for row in rows} for language, rows in told.items()}
    assert not messages["sv"] & messages["en"]
    assert {row.cells["severity"].text for row in told["sv"]} == {"varning", "upplysning"}
    assert {row.cells["severity"].text for row in told["en"]} == {"warning", "note"}
