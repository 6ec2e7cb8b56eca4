"""The command that makes appendices: graphsvc remiss."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc.cli.common import LANGUAGE, OUT, cli, opened
from graphsvc.settings import Settings

_FORMATS = ("docx", "pdf")
_PARTS = ("appendix", "figure", "answers")


@cli.command()
@click.argument("document")
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="docx (vanligt) eller pdf; annars vad filen i -o slutar på."
)
@click.option("--for", "body", metavar="AKTÖR", default="", help="Bara vad det innebär för den här aktören.")
@click.option(
    "--part", type=click.Choice(_PARTS), default="appendix", show_default=True, help="Bilagan, en figur eller svaren."
)
@click.option("--view", default="", help="Vilken vy figuren visar (med --part figure).")
@click.option(
    "--brand", type=click.Path(path_type=Path), help="Egen mall: en kopia av graphsvc/remiss/templates/brand.yaml."
)
@LANGUAGE
@OUT
@click.pass_obj
def remiss(
    settings: Settings, document: str, form: str | None, body: str, part: str, view: str, brand: Path | None, lang: str,
    output: Path | None,
) -> None:  # fmt: skip
    """Gör en bilaga till ett remissdokument, för Word eller som PDF.

    Till exempel: graphsvc remiss "plan för en jämlik stad" --for Kulturnämnden -o kulturnamnden.docx
    """
    from graphsvc.remiss import Order, file_name, make

    ending = output.suffix.lstrip(".").lower() if output else ""
    chosen = form or (ending if ending in _FORMATS else "docx")
    order = Order(document, part, body, view, lang, settings.public_address, chosen)
    made = make(opened(settings), order, brand)
    target = output or Path(file_name(order))
    target.write_bytes(made)
    click.echo(f"{target} ({len(made) / 1024:.0f} kB)", err=True)
    if settings.public_address == Settings.public_address:
        click.echo("Länkarna i filen går till den här datorn. Sätt STYRGRAF_PUBLIC_ADDRESS innan den sänds.", err=True)
