"""A real browser against a real server, and what a page must never do in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from running import serving

from graphsvc.graph import Graph
from graphsvc.settings import Settings

CHROMIUM = os.environ.get("STYRGRAF_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def site(graph: Graph, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running service over the shipped data."""
    with serving(settings, tmp_path_factory.mktemp("site")) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium of the system; the tests are skipped where there is none.

    A module has its own, as Playwright keeps an event loop running in this thread for as long as it is open, and the
    tests that come after the browser's run loops of their own.
    """
    if not Path(CHROMIUM).exists():
        pytest.skip(f"ingen Chromium finns på {CHROMIUM} (ange den i STYRGRAF_CHROMIUM)")
    api = pytest.importorskip("playwright.sync_api", reason="playwright styr webbläsaren")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Opens a path in a context of its own (options as Playwright's new_context).

    At the end no page may have written an error to its console, or asked another host for anything.
    """
    contexts, wrong = [], []

    def opened(path: str, **options: Any) -> Any:
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{path}: {error}"))
        page.on("console", lambda message: wrong.append(f"{path}: {message.text}") if _is_fault(message) else None)
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((site, "data:")) else wrong.append(f"{path} asks {asked.url}"),
        )
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def _is_fault(message: Any) -> bool:
    """Whether a message of the console tells of a fault; that a page itself is answered 404 or 400 is told there too."""
    told_of_itself = "Failed to load resource" in message.text and not message.location["url"].endswith(
        (".css", ".js", ".svg")
    )
    return message.type in ("error", "warning") and not told_of_itself
