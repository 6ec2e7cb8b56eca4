"""The commands of those who write documents: check them, and find their quotations."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from graphsvc.cli.common import LANGUAGE, OUT, cli, progress, write
from graphsvc.content import Content
from graphsvc.settings import Settings


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "turtle", "html"]), default="text", show_default=True)
@click.option("--texts", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Mapp med källtexterna.")
@LANGUAGE
@OUT
@click.pass_obj
def validate(
    settings: Settings, files: tuple[Path, ...], form: str, texts: Path | None, lang: str, output: Path | None
) -> None:
    """Kontrollera allt innehåll, eller några filer i sitt sammanhang. Avslutar med 1 om något är fel."""
    from graphsvc.validation.check import check_all, check_files

    content = Content(settings.content)
    with progress() as report:
        checked = (
            check_files(content, settings.workspace, files, texts or settings.texts, report)
            if files
            else check_all(content, texts or settings.texts, report)
        )
    write(checked.render(form, lang), output)
    sys.exit(1 if checked.faults else 0)


@cli.command()
@click.option("--texts", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def anchor(settings: Settings, texts: Path) -> None:
    """Leta upp varje citat i källtexterna i mappen TEXTS och spara var det står."""
    from graphsvc import evidence
    from graphsvc.release.assemble import load
    from graphsvc.store.embedded import EmbeddedStore

    content, store = Content(settings.content), EmbeddedStore.create()
    load(store, content, content.data)
    for slug, count in evidence.anchor(store, content, texts).items():
        click.echo(f"{slug}: {count} citat")
