"""The command line, as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graphsvc.cli import cli
from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph
from graphsvc.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture
def run(graph: Graph, settings: Settings):  # type: ignore[no-untyped-def]
    """Runs the command line over the shipped content's release."""

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["--workspace", str(settings.workspace), *arguments])

    return call


def test_run_prints_the_answer_and_the_words(run) -> None:  # type: ignore[no-untyped-def]
    result = run("run", "activities-involving-actor", "--actor", "framtiden")
    assert result.exit_code == 0
    assert "Kommunala bolag" in result.stdout
    assert "Status: förslag" in result.stdout
    assert "Förvaltning AB Framtiden" in result.stdout


def test_run_gives_json_and_csv(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    told = json.loads(run("run", "activities-by-responsible", "--actor", "byggnadsnämnden", "--format", "json").stdout)
    assert told["question"]["id"] == "activities-by-responsible"
    out = tmp_path / "svar på frågan.csv"
    run("run", "activities-by-responsible", "--actor", "byggnadsnämnden", "--format", "csv", "-o", str(out))
    assert "Ansvar: byggnadsnämnden" in out.read_text("utf-8-sig")


def test_questions_lists_every_question(run) -> None:  # type: ignore[no-untyped-def]
    told = run("questions").stdout
    assert all(path.stem in told for path in (ROOT / "queries" / "questions").glob("*.rq"))


def test_query_over_the_graph_and_over_files(run) -> None:  # type: ignore[no-untyped-def]
    sparql = "SELECT ?name WHERE { ?x a styr:Plan ; rdfs:label ?name }"
    assert "jämlik stad" in run("query", sparql, "--format", "csv").stdout
    shapes = run("query", "ASK { ?s a sh:NodeShape }", "--data", str(ROOT / "shapes" / "Passage.ttl"), "--format", "json")
    assert json.loads(shapes.stdout)["boolean"] is True


def test_export_writes_every_graph(run, tmp_path: Path, graph: Graph) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "allt.nq"
    assert run("export", "-o", str(out)).exit_code == 0
    assert len(out.read_bytes().splitlines()) == graph.release.manifest.counts["quads"]


def test_validate_shipped_data_is_sound(run) -> None:  # type: ignore[no-untyped-def]
    result = run("validate")
    assert result.exit_code == 0, result.stdout
    assert "Inga fel" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "finns-inte"], "Alla frågor: graphsvc questions"),
        (["query"], "Ange frågan"),
        (["query", "ASK {}", "--data", "finns-inte.ttl"], "finns-inte.ttl"),
        (["query", "SELECT"], "tolkas"),
        (["query", "ASK {}", "--format", "pdf"], "json, xml, csv, tsv"),
        (["run", "activities-by-responsible", "--actor", "bygnadsnämden"], "Byggnadsnämnden"),
        (["validate", "finns-inte.ttl"], "finns-inte.ttl"),
    ],
)
def test_errors_say_what_and_what_to_do(run, arguments: list[str], told: str) -> None:  # type: ignore[no-untyped-def]
    result = run(*arguments)
    assert result.exit_code != 0
    assert told in (str(result.exception) if isinstance(result.exception, StyrgrafError) else result.output)


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_explains_itself_and_is_in_the_readme(run, command: str) -> None:  # type: ignore[no-untyped-def]
    assert run(command, "--help").exit_code == 0
    assert f"graphsvc {command}" in (ROOT / "README.md").read_text("utf-8")
