"""What readers do, in a real browser: ask, open the words, filter, take along, by the keys alone, without a script."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from kinds import KINDS

Open = Callable[..., Any]


@pytest.fixture(params=[True, False], ids=["med skript", "utan skript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


def test_one_asks_from_the_start_page_and_reads_the_answer(open_page: Open, scripted: bool) -> None:
    page = open_page("/", java_script_enabled=scripted)
    page.get_by_label("Ställ en fråga om stadens styrande dokument").fill("Vilka aktiviteter berör Framtiden?")
    page.get_by_role("button", name="Fråga").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Vilka aktiviteter berör Framtiden?"
    assert "aktivitet" in page.locator("main").inner_text().lower()


def test_a_question_is_filled_in_and_answered_and_its_words_are_opened(open_page: Open, scripted: bool) -> None:
    page = open_page("/fragor", java_script_enabled=scripted)
    page.get_by_role("link", name="Aktiviteter som en aktör ansvarar för", exact=True).click()
    page.get_by_label("Aktör").fill("Byggnadsnämnden")
    page.get_by_role("button", name="Svara").click()
    words = page.locator("blockquote", has_text="Ansvar: byggnadsnämnden").first
    assert not words.is_visible()
    page.locator("tbody", has=words).locator("summary").first.click()
    assert words.is_visible()
    assert "s." in page.locator("tbody", has=words).locator("figcaption").first.inner_text()


def test_names_are_suggested_as_one_writes(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_label("Ställ en fråga om stadens styrande dokument").press_sequentially("Vad ansvarar byggn")
    page.wait_for_selector("datalist option[value='Vad ansvarar Byggnadsnämnden']", state="attached")


def test_the_catalogue_is_filtered_as_one_writes(open_page: Open) -> None:
    page = open_page("/fragor")
    every = page.locator("[data-words]:visible").count()
    page.get_by_label("Sök bland frågorna").press_sequentially("remiss")
    assert 0 < page.locator("[data-words]:visible").count() < every
    assert page.get_by_role("status").inner_text().startswith(f"{page.locator('[data-words]:visible').count()} av {every}")


def test_the_catalogue_is_filtered_without_a_script(open_page: Open) -> None:
    page = open_page("/fragor", java_script_enabled=False)
    page.get_by_label("Sök bland frågorna").fill("remiss fick")
    page.get_by_role("button", name="Sök", exact=True).click()
    assert "q=remiss" in page.url and 0 < page.locator("[data-words]").count() < 20


@pytest.mark.parametrize("ending", ["CSV", "Excel", "JSON"])
def test_an_answer_is_taken_along(open_page: Open, ending: str) -> None:
    page = open_page(KINDS["answer"])
    shown = set(page.locator("tbody th").all_inner_texts())
    with page.expect_download() as waiting:
        page.get_by_role("link", name=ending, exact=True).click()
    body = Path(waiting.value.path()).read_bytes()
    if ending == "Excel":
        sheet = openpyxl.load_workbook(io.BytesIO(body))["Svar"]
        found = {str(sheet.cell(row, 1).value) for row in range(2, sheet.max_row + 1)}
    elif ending == "JSON":
        found = {row["cells"]["activity"]["label"] for row in json.loads(body)["tables"][0]["rows"]}
    else:
        lines = body.decode("utf-8-sig").partition("\r\n\r\n")[0].splitlines()[1:]
        found = {line.partition(";")[0] for line in lines}
    assert found == {text for text in shown if text}


def test_the_keys_alone_reach_the_field_the_answer_and_its_words(open_page: Open) -> None:
    page = open_page(KINDS["answer"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Till innehållet"
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName + ' ' + (document.activeElement.name || '')").strip())
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "the focus is seen"
        if page.evaluate("document.activeElement.matches('.proof summary')"):
            break
    assert {"INPUT actor", "A", "SUMMARY"} <= seen
    page.keyboard.press("Enter")
    assert page.locator("details.proof[open] blockquote").first.is_visible()


def test_all_passages_open_at_once(open_page: Open) -> None:
    page = open_page(KINDS["answer"])
    page.get_by_role("button", name="Visa alla ställen").click()
    assert page.locator("details.proof:not([open])").count() == 0
    page.get_by_role("button", name="Stäng alla ställen").click()
    assert page.locator("details.proof[open]").count() == 0


def test_light_and_dark_are_chosen_with_and_without_a_script(open_page: Open, scripted: bool) -> None:
    page = open_page("/", java_script_enabled=scripted, color_scheme="light")
    page.get_by_label("Mörkt").check()
    dark = page.screenshot(clip={"x": 2, "y": 200, "width": 1, "height": 1})
    page.get_by_label("Ljust").check()
    assert page.screenshot(clip={"x": 2, "y": 200, "width": 1, "height": 1}) != dark


def test_the_choice_of_dark_is_kept_for_the_next_page(open_page: Open) -> None:
    page = open_page("/", color_scheme="light")
    page.get_by_label("Mörkt").check()
    page.goto(page.url + "fragor")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert page.get_by_label("Mörkt").is_checked()


def test_a_page_is_read_in_english_and_goes_on_so(open_page: Open) -> None:
    page = open_page(KINDS["answer"])
    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert "Activities that involve an actor" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Questions", exact=True).first.click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_printed_answer_shows_the_words_and_no_buttons(open_page: Open) -> None:
    page = open_page(KINDS["answer"])
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("blockquote").first.is_visible()
    assert not page.get_by_role("button", name="Svara").is_visible()
    assert not page.get_by_role("navigation", name="Ingångar").is_visible()
    assert page.locator("footer .cite").is_visible(), "the address stands on the paper"


def test_on_a_phone_a_row_is_a_card_that_names_its_cells(open_page: Open) -> None:
    page = open_page(KINDS["answer"], viewport={"width": 320, "height": 700})
    cell = page.locator("td[data-label='Roll']").first
    assert (
        page.evaluate("getComputedStyle(document.querySelector(\"td[data-label='Roll']\"), '::before').content") == '"Roll"'
    )
    assert cell.bounding_box()["width"] > 200
    assert page.get_by_role("row").count() > 3, "it is still a table to those who hear it"
