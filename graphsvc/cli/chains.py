"""The commands that follow chains: between two things, and everything about an actor or a document on one screen."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc.cli.common import LANGUAGE, OUT, cli, opened, write_as
from graphsvc.settings import Settings

_FORMAT = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)


@cli.command()
@click.argument("start", metavar="FROM")
@click.argument("end", metavar="[TO]", required=False)
@click.option("--most", type=click.IntRange(1, 20), default=5, show_default=True, help="Antal kedjor.")
@_FORMAT
@LANGUAGE
@OUT
@click.pass_obj
def chain(settings: Settings, start: str, end: str | None, most: int, form: str, lang: str, output: Path | None) -> None:
    """Visa hur två saker hänger ihop, steg för steg: graphsvc chain byggnadsnämnden "program för en jämlik stad".

    Med bara FROM: ansvarskedjan, uppåt till program, uppdrag och beslut, nedåt till aktörer och åt sidan till remissen.
    """
    from graphsvc.chains import between, names, present, responsibility

    graph = opened(settings)
    release = graph.release.manifest.name
    begin = names.resolve(graph, start, parameter="from", language=lang)
    if end is None:
        told = responsibility(graph, begin, lang)
        text, document = present.responsibility_text, present.responsibility_json
        write_as(form, output, table=lambda: text(told, release), json=lambda: document(told, release))
        return
    chains = between(graph, begin, names.resolve(graph, end, parameter="to", language=lang), lang, most)
    text_of, json_of = present.chains_text, present.chains_json
    write_as(form, output, table=lambda: text_of(chains, release), json=lambda: json_of(chains, release))


@cli.command()
@click.argument("name")
@_FORMAT
@LANGUAGE
@OUT
@click.pass_obj
def actor(settings: Settings, name: str, form: str, lang: str, output: Path | None) -> None:
    """Visa en aktör på en skärm: uppgifter, deltagande, med vilka, dokument och remisser."""
    _summary(settings, "actor", name, form, lang, output)


@cli.command()
@click.argument("name")
@_FORMAT
@LANGUAGE
@OUT
@click.pass_obj
def document(settings: Settings, name: str, form: str, lang: str, output: Path | None) -> None:
    """Visa ett dokument på en skärm: beslut, giltighet, innehåll, samband, remiss och yttranden."""
    _summary(settings, "document", name, form, lang, output)


def _summary(settings: Settings, kind: str, name: str, form: str, lang: str, output: Path | None) -> None:
    from graphsvc.chains.summary import summary, summary_json, summary_text

    graph = opened(settings)
    told, release = summary(graph, kind, name, lang), graph.release.manifest.name
    write_as(form, output, table=lambda: summary_text(told, release), json=lambda: summary_json(told, release))
