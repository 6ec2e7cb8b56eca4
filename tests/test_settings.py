"""Settings come from the environment, checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc.settings import Settings


def test_the_environment_sets_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRGRAF_WORKSPACE", "/tmp/å")
    monkeypatch.setenv("STYRGRAF_QUERY_SECONDS", "2.5")
    monkeypatch.setenv("STYRGRAF_QUERY_WORKERS", "3")
    monkeypatch.setenv("STYRGRAF_PUBLISHER_NAME", "Malmö stad")
    settings = Settings.from_environment()
    assert (settings.workspace, settings.query_seconds, settings.query_workers) == (Path("/tmp/å"), 2.5, 3)
    assert settings.publisher_name == "Malmö stad"


def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STYRGRAF_QUERY_WORKERS", "många")
    with pytest.raises(ValueError, match=r"STYRGRAF_QUERY_WORKERS.*många"):
        Settings.from_environment()
