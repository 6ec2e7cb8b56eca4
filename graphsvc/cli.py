"""The command line: reads the arguments, calls, and prints."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from graphsvc.content import Content
from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph, load_remote, open_graph, query_files
from graphsvc.questions import present
from graphsvc.questions.catalogue import Catalogue, Question
from graphsvc.release.assemble import Progress as Report
from graphsvc.settings import Settings

_LANGUAGE = click.option("--lang", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="Språk.")
_ENDPOINT = click.option("--endpoint", metavar="URL", help="Fjärrlager (SPARQL 1.1) som har utgåvorna.")
_OUT = click.option("-o", "--output", type=click.Path(path_type=Path), help="Fil att skriva till (annars skärmen).")


@click.group()
@click.option("--workspace", type=click.Path(path_type=Path), help="Mapp för byggda utgåvor.")
@click.version_option(package_name="styrgraf")
@click.pass_context
def cli(context: click.Context, workspace: Path | None) -> None:
    """Styrgraf: vem som ansvarar för vad i styrande dokument, och var det står."""
    settings = Settings.from_environment()
    context.obj = replace(settings, workspace=workspace) if workspace else settings


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Adress att lyssna på.")
@click.option("--port", default=8000, show_default=True, help="Port att lyssna på.")
@click.option("--workers", type=click.IntRange(1, 64), help="Antal webbprocesser.  [default: 1]")
@_ENDPOINT
@click.pass_obj
def serve(settings: Settings, host: str, port: int, workers: int | None, endpoint: str | None) -> None:
    """Bygg om det behövs och starta tjänsten."""
    settings = _at(settings, endpoint)
    settings = replace(settings, web_workers=workers) if workers else settings
    if settings.public_address == Settings.public_address:
        settings = replace(settings, public_address=f"http://{host}:{port}/")
    graph = _open(settings)
    click.echo(f"Utgåva {graph.release.manifest.name}: http://{host}:{port}/", err=True)
    from graphsvc.web.server import run_server  # importing the web server takes long

    run_server(graph, settings, host, port)


@cli.command()
@_ENDPOINT
@click.pass_obj
def build(settings: Settings, endpoint: str | None) -> None:
    """Kontrollera innehållet och bygg en utgåva av det, och ladda den i ett fjärrlager om ett är angivet."""
    from graphsvc.release.build import build as build_release

    settings = _at(settings, endpoint)
    with _progress() as report:
        release = build_release(Content(settings.content), settings.workspace, report)
        loaded = load_remote(settings, release, report) if settings.endpoint else None
    counts = release.manifest.counts
    click.echo(f"Utgåva {release.manifest.name}: {counts['quads']} satser i {counts['graphs']} grafer. {release.folder}")
    if loaded:
        click.echo(f"Laddad som utgåva {loaded.manifest.name} i {loaded.remote.address}.")


@cli.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "turtle", "html"]), default="text", show_default=True)
@click.option("--texts", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Mapp med källtexterna.")
@_LANGUAGE
@_OUT
@click.pass_obj
def validate(
    settings: Settings, files: tuple[Path, ...], form: str, texts: Path | None, lang: str, output: Path | None
) -> None:
    """Kontrollera allt innehåll, eller några filer i sitt sammanhang. Avslutar med 1 om något är fel."""
    from graphsvc.validation.check import check_all, check_files

    content = Content(settings.content)
    with _progress() as report:
        checked = (
            check_files(content, settings.workspace, files, texts or settings.texts, report)
            if files
            else check_all(content, texts or settings.texts, report)
        )
    _write(checked.render(form, lang), output)
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


@cli.command()
@click.option("--format", "form", type=click.Choice(["nquads", "trig"]), default="nquads", show_default=True)
@_OUT
@click.pass_obj
def export(settings: Settings, form: str, output: Path | None) -> None:
    """Skriv ut hela utgåvan."""
    from graphsvc.formats import DATASETS, named
    from graphsvc.release.build import ensure

    with _progress() as report:
        release = ensure(Content(settings.content), settings.workspace, report)
    with click.open_file(str(output or "-"), "wb") as out:
        release.open().dump(out, named(form, DATASETS))


@cli.command()
@_LANGUAGE
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
@_OUT
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
    _write(query_files(data, sparql, form) if data else _open(settings).query(sparql, form), output)


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
    @click.pass_obj
    def ask(settings: Settings, /, form: str, lang: str, output: Path | None, **given: str | None) -> None:
        graph = _open(settings)
        answer = graph.answer(question.id, {name: text for name, text in given.items() if text}, lang)
        release = graph.release.manifest.name
        writers: dict[str, Callable[[], str]] = {
            "table": lambda: present.answer_text(answer, release),
            "json": lambda: present.dumps(present.answer_json(answer, release)),
            "csv": lambda: present.answer_csv(answer),
        }
        _write(writers[form](), output)

    form = click.Option(
        ["--format", "form"], type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
    )
    params = [click.Option([f"--{p.name}", p.name], required=p.required, help=p.label["sv"]) for p in question.parameters]
    command = click.Command(
        question.id, callback=_LANGUAGE(_OUT(ask)), help=question.title["sv"], short_help=question.title["sv"]
    )
    command.params = [*params, form, *getattr(command.callback, "__click_params__", [])]
    return command


def _at(settings: Settings, endpoint: str | None) -> Settings:
    return replace(settings, endpoint=endpoint) if endpoint else settings


def _open(settings: Settings) -> Graph:
    with _progress() as report:
        return open_graph(settings, report)


@contextmanager
def _progress() -> Iterator[Report]:
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


def _write(text: str | bytes, output: Path | None) -> None:
    data = text.encode() if isinstance(text, str) else text
    if output:
        output.write_bytes(data)
    else:
        stream = sys.stdout.buffer
        stream.write(data if data.endswith(b"\n") else data + b"\n")
        stream.flush()


def main() -> None:
    """Run the command line; a foreseen error becomes one message and exit code 2 (1 where data is unsound)."""
    try:
        cli(standalone_mode=True)
    except (StyrgrafError, ValueError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
