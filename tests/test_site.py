"""Where releases are built: however a build ends, nothing half is left, and nobody else's is taken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graphsvc.release.site import building_site


def test_what_is_built_in_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), building_site(tmp_path) as folder:
        (folder / "store").mkdir()
        raise RuntimeError("fel på vägen")
    assert _left(tmp_path) == []


def test_what_was_moved_away_stays(tmp_path: Path) -> None:
    with building_site(tmp_path) as folder:
        (folder / "manifest.json").write_text("{}", "utf-8")
        folder.rename(tmp_path / "1")
    assert _left(tmp_path) == []
    assert (tmp_path / "1" / "manifest.json").is_file()


def test_a_build_in_progress_is_left_alone(tmp_path: Path) -> None:
    with building_site(tmp_path) as one:
        with building_site(tmp_path) as other:
            assert one.is_dir()
            assert other.is_dir()
        assert one.is_dir()
        assert not other.exists()


def test_what_an_earlier_version_left_is_cleared(tmp_path: Path) -> None:
    left = tmp_path / ".building-abc"
    (left / "store").mkdir(parents=True)
    (tmp_path / ".building-def.lock").touch()
    with building_site(tmp_path) as folder:
        assert _left(tmp_path) == sorted([folder.name, f"{folder.name}.lock"])


def test_sigterm_ends_a_build_and_leaves_nothing(tmp_path: Path) -> None:
    build = _building(tmp_path)
    build.send_signal(signal.SIGTERM)
    assert build.wait(60) == 128 + signal.SIGTERM
    assert _left(tmp_path / "releases") == []
    assert not (tmp_path / "current").exists()


def test_the_next_build_clears_after_one_that_was_killed(tmp_path: Path) -> None:
    build = _building(tmp_path)
    build.kill()
    build.wait(60)
    left = set(_left(tmp_path / "releases"))
    assert left
    with building_site(tmp_path / "releases"):
        assert not left & set(_left(tmp_path / "releases"))


def _building(workspace: Path) -> subprocess.Popen[bytes]:
    """A build of the shipped content, in its own process, that has come some way."""
    environment = os.environ | {"STYRGRAF_WORKSPACE": str(workspace)}
    process = subprocess.Popen([sys.executable, "-m", "graphsvc", "build"], env=environment, stderr=subprocess.DEVNULL)
    for _ in range(600):
        if list((workspace / "releases").glob(".building-*/store/CURRENT")):
            return process
        assert process.poll() is None, "the build ended before it began"
        time.sleep(0.05)
    process.kill()
    raise AssertionError("the build did not begin")


def _left(releases: Path) -> list[str]:
    return sorted(path.name for path in releases.glob(".building-*"))
