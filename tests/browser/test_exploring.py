"""What strategists do on the exploring pages, in a real browser: filter, follow, enlarge, put right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kinds import KINDS

Open = Callable[..., Any]
_DOWN = "document.querySelector('.matrix .scroll').scrollTo(400, 300)"


@pytest.fixture(params=[True, False], ids=["med skript", "utan skript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts."""
    return bool(request.param)


def test_the_matrix_is_chosen_and_filtered(open_page: Open, scripted: bool) -> None:
    page = open_page("/matris", java_script_enabled=scripted)
    page.get_by_role("link", name="Göteborgs Stads plan för en jämlik stad 2019–2022").first.click()
    every = page.locator("table.grid tbody tr").count()
    page.get_by_label("Aktör", exact=False).first.fill("byggnadsnämnden")
    page.get_by_label("Roll", exact=True).select_option(label="ansvarig")
    page.get_by_role("button", name="Visa", exact=True).click()
    rows = page.locator("table.grid tbody tr")
    assert 0 < rows.count() < every
    assert (
        page.locator("table.grid tbody td .role").count() == page.locator("table.grid tbody .role.responsible").count() > 0
    )
    assert "actor=id:goteborg/actor/byggnadsnamnden" in page.get_by_role("link", name="Länk hit").get_attribute("href")


def test_the_head_and_the_first_column_of_the_matrix_stay(open_page: Open) -> None:
    page = open_page(KINDS["matrix"])
    head, side = page.locator("table.grid thead th").nth(12), page.locator("table.grid tbody th").nth(6)
    top, left = head.bounding_box()["y"], side.bounding_box()["x"]
    page.evaluate(_DOWN)
    assert abs(head.bounding_box()["y"] - top) < 2
    assert abs(side.bounding_box()["x"] - left) < 2


def test_a_line_of_the_matrix_leads_to_its_words(open_page: Open) -> None:
    page = open_page(KINDS["matrix"])
    page.locator("table.grid tbody th a").nth(4).click()
    target = page.locator("article:target")
    target.locator("summary").click()
    assert target.locator("blockquote").first.is_visible()


def test_on_a_phone_the_matrix_is_a_list_by_activity(open_page: Open) -> None:
    page = open_page(KINDS["matrix"], viewport={"width": 320, "height": 700})
    assert not page.locator("table.grid").is_visible()
    assert page.locator("article.duty").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_matrix_is_printed_whole(open_page: Open) -> None:
    page = open_page(KINDS["matrix"])
    page.emulate_media(media="print")
    assert page.locator("table.grid").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.matrix .scroll')).overflowX") == "visible"
    assert not page.get_by_role("button", name="Visa", exact=True).is_visible()


def test_a_chain_is_asked_for_and_followed_to_its_words(open_page: Open, scripted: bool) -> None:
    page = open_page("/kedja", java_script_enabled=scripted)
    page.get_by_label("Från").fill("Framtiden")
    page.get_by_label("Till").fill("program för en jämlik stad")
    page.get_by_role("button", name="Visa kedjor").click()
    step = page.locator("ol.steps > li").first
    assert "Samverkan med Framtiden" in step.inner_text()
    step.locator("summary").click()
    assert step.locator("blockquote").first.is_visible()
    page.get_by_role("link", name="Ansvarskedjan för Förvaltnings AB Framtiden").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Ansvarskedjan: Förvaltnings AB Framtiden"


def test_a_misspelt_name_is_put_right_by_one_click(open_page: Open, scripted: bool) -> None:
    page = open_page(KINDS["chain-unknown"], java_script_enabled=scripted)
    page.locator(".near").get_by_role("link", name="Byggnadsnämnden").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Ansvarskedjan: Byggnadsnämnden"


def test_the_keys_alone_follow_a_chain(open_page: Open) -> None:
    page = open_page("/kedja")
    page.get_by_label("Om (aktör, aktivitet eller dokument)").focus()
    page.keyboard.type("Byggnadsnämnden")
    page.keyboard.press("Enter")
    page.wait_for_url("**om=*")
    for _ in range(90):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none", "the focus is seen"
        if page.evaluate("document.activeElement.matches('ol.steps summary')"):
            break
    page.keyboard.press("Enter")
    assert page.locator("ol.steps details[open] blockquote").first.is_visible()


def test_a_picture_is_made_larger_and_shown_a_role_at_a_time(open_page: Open) -> None:
    page = open_page(KINDS["picture"])
    drawing = page.locator("#ritning > svg")
    before = drawing.bounding_box()["width"]
    page.get_by_role("button", name="Större").click()
    assert drawing.bounding_box()["width"] > before * 1.3
    page.get_by_role("button", name="Visa hela bilden").click()
    assert abs(drawing.bounding_box()["width"] - before) < 2
    toggle = page.get_by_role("button", name="Ansvarig", exact=True)
    assert page.locator("#ritning .off").count() == 0
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "false"
    assert page.locator("#ritning .link.off[data-role='role:responsible']").count() > 0
    toggle.click()
    assert page.locator("#ritning .off").count() == 0


def test_a_picture_is_shown_in_one_role_without_a_script_and_its_things_are_links(open_page: Open) -> None:
    page = open_page(KINDS["picture"], java_script_enabled=False)
    page.get_by_label("Visa bara").select_option(label="Ansvarig")
    page.get_by_role("button", name="Rita").click()
    assert page.locator("#ritning .link.off").count() > 0
    page.locator("#ritning a", has_text="Grundskolenämnden").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Grundskolenämnden"


def test_a_picture_has_its_own_typeface(open_page: Open) -> None:
    page = open_page(KINDS["picture"])
    page.wait_for_function("document.fonts.check('12px \"Source Sans Pro\"')")


def test_a_gap_leads_to_its_words_and_is_chosen_by_kind(open_page: Open, scripted: bool) -> None:
    page = open_page("/luckor", java_script_enabled=scripted)
    page.locator("#val-kind").select_option(value="duty-holder-not-consulted")
    page.get_by_role("button", name="Visa", exact=True).click()
    assert page.locator("section.gaps").count() == 1
    page.locator("section.gaps summary").first.click()
    assert page.locator("section.gaps blockquote").first.is_visible()


def test_a_query_is_written_run_and_put_right(open_page: Open, scripted: bool) -> None:
    page = open_page("/sparql", java_script_enabled=scripted)
    page.get_by_label("Fråga", exact=True).fill("SELECT ?namn WHERE { ?a aa styr:Activity ; rdfs:label ?namn }")
    page.get_by_role("button", name="Ställ frågan").click()
    assert page.locator("mark").inner_text() == "aa"
    page.get_by_label("Fråga", exact=True).fill("SELECT ?namn WHERE { ?a a styr:Activity ; rdfs:label ?namn }")
    page.get_by_role("button", name="Ställ frågan").click()
    assert page.get_by_role("cell", name="Bidra till kompetensutveckling").count() == 1
    assert page.get_by_role("link", name="CSV").count() == 1
