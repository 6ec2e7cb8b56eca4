"""The commands that draw: the views, and a picture in any of its formats."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc.cli.common import LANGUAGE, cli, opened, write
from graphsvc.content import Content
from graphsvc.diagrams import FORMATS, Picture, Views, draw
from graphsvc.diagrams.picture import format_named
from graphsvc.settings import Settings


@cli.command()
@LANGUAGE
@click.pass_obj
def views(settings: Settings, lang: str) -> None:
    """Visa alla vyer som kan ritas med graphsvc diagram."""
    for view in Views(Content(settings.content)):
        click.echo(f"{view.id} --about … ({view.about.label[lang]})\n    {view.title[lang]}: {view.description[lang]}")


@cli.command()
@click.argument("view")
@click.option("--about", help="Vad bilden ska visa: ett namn eller en IRI.")
@click.option("--format", "form", default="svg", show_default=True, help=", ".join([*FORMATS, "mermaid"]) + ".")
@click.option("--sheet", type=click.IntRange(min=1), help="Ett av bladen (annars alla).")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Fil att skriva till; flera blad får nummer i namnet.")
@LANGUAGE
@click.pass_obj
def diagram(
    settings: Settings, view: str, about: str | None, form: str, sheet: int | None, output: Path | None, lang: str
) -> None:
    """Rita en vy, till exempel: graphsvc diagram referral --about "plan för en jämlik stad" --format pdf -o remiss.pdf."""
    kind = format_named(form)
    Views(Content(settings.content))[view]
    picture = draw(opened(settings), view, about, lang, address=settings.public_address)
    numbers = [sheet] if sheet else list(range(1, len(picture.sheets) + 1))
    if output is None:
        write(picture.render(kind, numbers[0]), None)
        _tell_rest(picture, numbers[0], len(numbers))
        return
    for number in numbers:
        path = output if len(numbers) == 1 else output.with_stem(f"{output.stem}-{number}")
        path.write_bytes(picture.render(kind, number))
        click.echo(f"{path}: {picture.sheet(number).title}", err=True)


def _tell_rest(picture: Picture, number: int, wanted: int) -> None:
    if wanted > 1:
        click.echo(
            f"Blad {number} av {len(picture.sheets)}. Välj ett annat med --sheet, eller få alla med -o FIL.", err=True
        )
