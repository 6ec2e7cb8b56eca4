"""The folder in which a release is being built: gone however the build ends, and never another's that still builds."""

from __future__ import annotations

import fcntl
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

_PREFIX, _LOCK = ".building-", ".lock"
_ENDED = 128 + signal.SIGTERM


@contextmanager
def building_site(releases: Path) -> Iterator[Path]:
    """An empty folder in `releases` to build in; what is still there afterwards is removed, also on SIGTERM.

    Folders that ended builds have left behind are removed first: those that no living process holds the lock of.
    """
    releases.mkdir(parents=True, exist_ok=True)
    with _ending_by_exception():
        with _lock(releases / _LOCK, wait=True):  # so that nobody takes a folder that is not locked yet for a left one
            _clear(releases)
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=releases))
            held = _lock(_lock_of(folder), wait=True)
        try:
            yield folder
        finally:
            _remove(folder)
            held.close()


def _clear(releases: Path) -> None:
    """Remove the folders of builds that ended without being able to."""
    for folder in {path.with_name(path.name.removesuffix(_LOCK)) for path in releases.glob(f"{_PREFIX}*")}:
        with suppress(BlockingIOError), _lock(_lock_of(folder), wait=False):
            _remove(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _lock_of(folder).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)


def _lock(path: Path, *, wait: bool) -> IO[bytes]:
    """The file at `path`, locked until it is closed or its process ends; BlockingIOError where another holds it."""
    file = path.open("ab")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BaseException:
        file.close()
        raise
    return file


@contextmanager
def _ending_by_exception() -> Iterator[None]:
    """Let SIGTERM end the program by an exception, so that what is begun is cleared away; where it would just end it."""
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if ours:
        signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(_ENDED)
