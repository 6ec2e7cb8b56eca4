"""The command that searches for anything by its name."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc.cli.common import FORMAT, LANGUAGE, OUT, cli, opened, write_as
from graphsvc.search import present
from graphsvc.settings import Settings


@cli.command()
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, help="Bara av det här slaget, till exempel Actor, Activity eller Plan.")
@click.option("--most", type=click.IntRange(1, 1000), default=10, show_default=True, help="Antal träffar.")
@FORMAT
@LANGUAGE
@OUT
@click.pass_obj
def search(
    settings: Settings, text: str, kinds: tuple[str, ...], most: int, form: str, lang: str, output: Path | None
) -> None:
    """Sök efter vad som helst som har ett namn: graphsvc search byggnadsnämnd."""
    graph = opened(settings)
    index = graph.names
    hits = index.search(text, language=lang, kinds=[index.kind_named(name) for name in kinds], most=most)
    write_as(
        form,
        output,
        table=lambda: present.hits_text(index, hits, lang),
        json=lambda: {"query": text, "hits": present.hits_json(index, hits, lang), "release": graph.release.manifest.name},
        csv=lambda: present.hits_csv(index, hits, lang),
    )
