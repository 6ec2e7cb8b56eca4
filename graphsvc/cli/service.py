"""The commands that build, serve and hand over the whole graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from graphsvc.cli.common import ENDPOINT, OUT, at, cli, opened, progress
from graphsvc.content import Content
from graphsvc.graph import load_remote
from graphsvc.settings import Settings


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på.")
@click.option("--port", default=8000, show_default=True, help="Port att lyssna på.")
@click.option("--workers", type=click.IntRange(1, 64), help="Antal webbprocesser.  [default: 1]")
@ENDPOINT
@click.pass_obj
def serve(settings: Settings, host: str, port: int, workers: int | None, endpoint: str | None) -> None:
    """Bygg om det behövs och starta tjänsten."""
    settings = at(settings, endpoint)
    settings = replace(settings, web_workers=workers) if workers else settings
    if settings.public_address == Settings.public_address:
        settings = replace(settings, public_address=f"http://{host}:{port}/")
    graph = opened(settings)
    click.echo(f"Utgåva {graph.release.manifest.name}: http://{host}:{port}/", err=True)
    from graphsvc.web.server import run_server  # importing the web server takes long

    run_server(graph, settings, host, port)


@cli.command()
@ENDPOINT
@click.pass_obj
def build(settings: Settings, endpoint: str | None) -> None:
    """Kontrollera innehållet och bygg en utgåva av det, och ladda den i ett fjärrlager om ett är angivet."""
    from graphsvc.release.build import build as build_release

    settings = at(settings, endpoint)
    with progress() as report:
        release = build_release(Content(settings.content), settings.workspace, report)
        loaded = load_remote(settings, release, report) if settings.endpoint else None
    counts = release.manifest.counts
    click.echo(f"Utgåva {release.manifest.name}: {counts['quads']} satser i {counts['graphs']} grafer. {release.folder}")
    if loaded:
        click.echo(f"Laddad som utgåva {loaded.manifest.name} i {loaded.remote.address}.")


@cli.command()
@click.option("--format", "form", type=click.Choice(["nquads", "trig"]), default="nquads", show_default=True)
@OUT
@click.pass_obj
def export(settings: Settings, form: str, output: Path | None) -> None:
    """Skriv ut hela utgåvan."""
    from graphsvc.formats import DATASETS, named
    from graphsvc.release.build import ensure

    with progress() as report:
        release = ensure(Content(settings.content), settings.workspace, report)
    with click.open_file(str(output or "-"), "wb") as out:
        release.open().dump(out, named(form, DATASETS))
