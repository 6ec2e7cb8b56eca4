"""What the commands share: the group they stand in, their common options, opening the graph, and writing what it says."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from graphsvc.graph import Graph, open_graph
from graphsvc.release.assemble import Progress as Report
from graphsvc.settings import Settings

LANGUAGE = click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Språk.")
ENDPOINT = click.option("--endpoint", metavar="URL", help="Fjärrlager (SPARQL 1.1) som har utgåvorna.")
FORMAT = click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
OUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="Fil att skriva till (annars skärmen).")


@click.group()
@click.option("--workspace", type=click.Path(path_type=Path), help="Mapp för byggda utgåvor.")
@click.version_option(package_name="styrgraf")
@click.pass_context
def cli(context: click.Context, workspace: Path | None) -> None:
    """Styrgraf: vem som ansvarar för vad i styrande dokument, och var det står."""
    settings = Settings.from_environment()
    context.obj = replace(settings, workspace=workspace) if workspace else settings


def at(settings: Settings, endpoint: str | None) -> Settings:
    """The settings with the remote store that the command line names, if it does."""
    return replace(settings, endpoint=endpoint) if endpoint else settings


def opened(settings: Settings) -> Graph:
    """The graph, built first if need be, with a progress bar."""
    with progress() as report:
        return open_graph(settings, report)


@contextmanager
def progress() -> Iterator[Report]:
    """A progress bar on the error stream that appears with the first step and is gone afterwards."""
    bar = Progress(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=None)

    def report(step: str, done: int, total: int) -> None:
        bar.start()
        bar.update(task, description=step, completed=done, total=total)

    try:
        yield report
    finally:
        bar.stop()


def write(text: str | bytes, output: Path | None) -> None:
    """Write to the file `output`, or to the standard output with a line break at its end."""
    data = text.encode() if isinstance(text, str) else text
    if output:
        output.write_bytes(data)
    else:
        stream = sys.stdout.buffer
        stream.write(data if data.endswith(b"\n") else data + b"\n")
        stream.flush()


def write_as(form: str, output: Path | None, **made: Callable[[], Any]) -> None:
    """Write what the one of `made` that is called `form` makes: a text, or a document where that is json."""
    told = made[form]()
    write(json.dumps(told, ensure_ascii=False, indent=2) if form == "json" else told, output)
