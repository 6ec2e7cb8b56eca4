"""Real SPARQL servers for the tests: each started on a free port of this machine, in a folder of its own, and stopped."""

from __future__ import annotations

import shutil
import socket
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

from graphsvc.settings import Settings

_START_SECONDS = 60
_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{internal}
DisableUnixSocket = 1
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = 10000
"""


def free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


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
    port, internal = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_VIRTUOSO.format(folder=folder, port=port, internal=internal), "utf-8")
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
