"""Every kind of page, in both languages and themes: accessible, within its width, and whole without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kinds import KINDS, address

pytest.importorskip("axe_playwright_python", reason="axe prövar sidornas tillgänglighet")

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true; })"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_has_no_accessibility_fault_in_light_or_in_dark(open_page: Callable[..., Any], kind: str, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(address(KINDS[kind], language), color_scheme="light", reduced_motion="reduce")
    page.evaluate(UNFOLD)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, options=OF_COLOUR)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("kind", KINDS)
def test_it_stays_within_its_width(open_page: Callable[..., Any], kind: str) -> None:
    page = open_page(KINDS[kind])
    page.evaluate(UNFOLD)
    for width in (320, 375, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_the_same_without_a_script(open_page: Callable[..., Any], kind: str) -> None:
    with_script, without = (open_page(KINDS[kind], java_script_enabled=enabled) for enabled in (True, False))
    assert without.locator("h1").inner_text() == with_script.locator("h1").inner_text()
    for selector in ("main a", "main tbody", "main form", "main blockquote"):
        assert without.locator(selector).count() == with_script.locator(selector).count(), selector
