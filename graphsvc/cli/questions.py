"""The commands that ask: the named questions, and SPARQL."""

from __future__ import annotations

from pathlib import Path

import click

from graphsvc.cli.common import FORMAT, LANGUAGE, OUT, cli, opened, write, write_as
from graphsvc.content import Content
from graphsvc.errors import StyrgrafError
from graphsvc.graph import query_files
from graphsvc.questions import present
from graphsvc.questions.catalogue import Catalogue, Question
from graphsvc.settings import Settings
from graphsvc.spreadsheet import DELIMITERS


@cli.command()
@LANGUAGE
@click.pass_obj
def questions(settings: Settings, lang: str) -> None:
    """Visa alla frågor som kan ställas med graphsvc run."""
    for question in Catalogue(Content(settings.content)):
        options = " ".join(f"--{p.name} …" if p.required else f"[--{p.name} …]" for p in question.parameters)
        click.echo(f"{question.id} {options}\n    {question.title[lang]}")


@cli.command()
@click.argument("text", required=False)
@click.option("--query", "file", type=click.Path(path_type=Path), help="Fil med frågan.")
@click.option("--data", multiple=True, type=click.Path(path_type=Path), help="Fråga de här Turtle-filerna i stället.")
@click.option("--format", "form", help="json, xml, csv, tsv eller ttl, nt, rdf, jsonld.")
@OUT
@click.pass_obj
def query(
    settings: Settings,
    text: str | None,
    file: Path | None,
    data: tuple[Path, ...],
    form: str | None,
    output: Path | None,
) -> None:
    """Ställ en SPARQL-fråga till grafen, eller till filerna i --data."""
    if (text is None) == (file is None):
        raise click.UsageError("Ange frågan antingen som text eller med --query FIL.")
    sparql = file.read_text("utf-8") if file else str(text)
    write(query_files(data, sparql, form) if data else opened(settings).query(sparql, form), output)


class _Questions(click.Group):
    """A subcommand for each named question, with its parameters as options."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [question.id for question in Catalogue(Content(context.obj.content))]

    def get_command(self, context: click.Context, name: str) -> click.Command:
        try:
            return _question_command(Catalogue(Content(context.obj.content))[name])
        except StyrgrafError as error:
            raise click.UsageError(str(error)) from None


@cli.command(cls=_Questions)
def run() -> None:
    """Ställ en av frågorna, till exempel: graphsvc run activities-involving-actor --actor framtiden."""


def _question_command(question: Question) -> click.Command:
    @FORMAT
    @LANGUAGE
    @OUT
    @click.pass_obj
    def ask(settings: Settings, /, form: str, lang: str, output: Path | None, **given: str | None) -> None:
        graph = opened(settings)
        answer = graph.answer(question.id, {name: text for name, text in given.items() if text}, lang)
        release = graph.release.manifest.name
        write_as(
            form,
            output,
            table=lambda: present.answer_text(answer, release),
            json=lambda: present.answer_json(answer, release),
            csv=lambda: present.answer_csv(answer, DELIMITERS[lang]),
        )

    command = click.command(question.id, help=question.title["sv"], short_help=question.title["sv"])(ask)
    own = [click.Option([f"--{p.name}", p.name], required=p.required, help=p.label["sv"]) for p in question.parameters]
    command.params[:0] = own
    return command
