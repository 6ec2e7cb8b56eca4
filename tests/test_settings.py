"""Settings come from the environment, checked."""

from __future__ import annotations

import os
import subprocess
import sys
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_ADDRESS", "data.example.se"),
        ("PUBLIC_ADDRESS", "/styrgraf/"),
        ("PUBLIC_ADDRESS", "https:///styrgraf/"),
        ("PUBLIC_ADDRESS", "https://data.example.se/?a#"),
        ("PUBLIC_ADDRESS", ""),
        ("PUBLISHER", "Göteborgs Stad"),
        ("PUBLISHER", "https://example.se/a b"),
        ("PUBLISHER", "https://example.se/<a>"),
        ("PUBLISHER_TYPE", "LocalAuthority"),
        ("CONTACT", "registrator@example.se"),
        ("CONTACT", "mailto:registrator"),
    ],
)
def test_an_address_that_is_not_absolute_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"STYRGRAF_{name}", value)
    with pytest.raises(
        ValueError, match=rf"^STYRGRAF_{name} ska vara en .*till exempel|^STYRGRAF_{name} ska vara en absolut"
    ) as told:
        Settings.from_environment()
    assert f"inte ”{value}”" in str(told.value)


def test_absolute_addresses_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "PUBLIC_ADDRESS": "https://data.göteborg.se/styrgraf/",
        "PUBLISHER": "https://example.se/id/malmö",
        "CONTACT": "mailto:registrator@malmö.se",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"STYRGRAF_{name}", value)
    settings = Settings.from_environment()
    assert {name: getattr(settings, name.lower()) for name in given} == given
    monkeypatch.setenv("STYRGRAF_CONTACT", "")
    assert Settings.from_environment().contact == ""


def test_the_command_line_says_which_setting_is_wrong_before_it_does_anything(tmp_path: Path) -> None:
    environment = os.environ | {"STYRGRAF_PUBLISHER": "Göteborgs Stad", "STYRGRAF_WORKSPACE": str(tmp_path / "workspace")}
    ended = subprocess.run(
        [sys.executable, "-m", "graphsvc", "serve"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("STYRGRAF_PUBLISHER ska vara en absolut IRI")
    assert not (tmp_path / "workspace").exists()
