"""Real SPARQL servers for the tests: each started on a free port of this machine, in a folder of its own, and stopped."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from running import free_port

from graphsvc.settings import Settings

_START_SECONDS = 60
_VIRTUOSO = Path(__file__).with_name("virtuoso.ini")


@contextmanager
def oxigraph(folder: Path, settings: Settings, *, graph_store: bool) -> Iterator[Settings]:
    """Oxigraph's own server, empty; loaded by its graph store, or else by updates."""
    program = Path(sys.executable).with_name("oxigraph")
    found = str(program) if program.is_file() else shutil.which("oxigraph")
    if found is None:
        pytest.skip("Oxigraphs server finns inte här (pip install oxigraph)")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with _running([found, "serve", "--location", str(folder / "db"), "--bind", f"127.0.0.1:{port}"], address, folder):
        yield replace(settings, endpoint=f"{address}/query", graph_store=f"{address}/store" if graph_store else "")


@contextmanager
def virtuoso(folder: Path, settings: Settings) -> Iterator[Settings]:
    """Virtuoso, empty, with its own settings and the row limit that it comes with."""
    found = shutil.which("virtuoso-t")
    if found is None:
        pytest.skip("Virtuoso finns inte här (apt-get install virtuoso-opensource)")
    port = free_port()
    ini, size = folder / "virtuoso.ini", {"buffers": 10_000, "dirty": 6_000, "threads": 10, "rows": 10_000}
    ini.write_text(_VIRTUOSO.read_text("utf-8").format(folder=folder, port=port, internal=free_port(), **size), "utf-8")
    address = f"http://127.0.0.1:{port}"
    with _running([found, "+foreground", "+configfile", str(ini)], f"{address}/sparql", folder):
        yield replace(
            settings,
            endpoint=f"{address}/sparql",
            update_endpoint=f"{address}/sparql-auth",
            graph_store=f"{address}/sparql-graph-crud-auth",
            user="dba",
            password="dba",
            auth="digest",
        )


@contextmanager
def _running(command: list[str], address: str, folder: Path) -> Iterator[None]:
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait(process, address, folder)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not start: {(folder / 'output.txt').read_text('utf-8', 'replace')[-2000:]}")
