"""The command line, as a person uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from graphsvc.cli import cli
from graphsvc.errors import StyrgrafError
from graphsvc.graph import Graph

ROOT = Path(__file__).parent.parent
Run = Callable[..., Result]


def test_run_prints_the_answer_and_the_words(run: Run) -> None:
    result = run("run", "activities-involving-actor", "--actor", "framtiden")
    assert result.exit_code == 0
    assert "Kommunala bolag" in result.stdout
    assert "Status: förslag" in result.stdout
    assert "Förvaltning AB Framtiden" in result.stdout


def test_run_gives_json_and_csv_as_a_spreadsheet_in_the_language_reads_it(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("run", "activities-by-responsible", "--actor", "byggnadsnämnden", "--format", "json").stdout)
    assert told["question"]["id"] == "activities-by-responsible"
    out = tmp_path / "svar på frågan.csv"
    run("run", "activities-by-responsible", "--actor", "byggnadsnämnden", "--format", "csv", "-o", str(out))
    assert "Ansvar: byggnadsnämnden" in out.read_text("utf-8-sig")
    assert out.read_text("utf-8-sig").startswith("Aktivitet;")
    english = run("run", "activities-by-responsible", "--actor", "byggnadsnämnden", "--format", "csv", "--lang", "en").stdout
    assert english.removeprefix("\ufeff").startswith("Activity,")


def test_questions_lists_every_question(run: Run) -> None:
    told = run("questions").stdout
    assert all(path.stem in told for path in (ROOT / "queries" / "questions").glob("*.rq"))


def test_query_over_the_graph_and_over_files(run: Run) -> None:
    sparql = "SELECT ?name WHERE { ?x a styr:Plan ; rdfs:label ?name }"
    assert "jämlik stad" in run("query", sparql, "--format", "csv").stdout
    shapes = run("query", "ASK { ?s a sh:NodeShape }", "--data", str(ROOT / "shapes" / "Passage.ttl"), "--format", "json")
    assert json.loads(shapes.stdout)["boolean"] is True


def test_export_writes_every_graph(run: Run, tmp_path: Path, graph: Graph) -> None:
    out = tmp_path / "allt.nq"
    assert run("export", "-o", str(out)).exit_code == 0
    assert len(out.read_bytes().splitlines()) == graph.release.manifest.counts["quads"]


def test_validate_shipped_data_is_sound(run: Run) -> None:
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
def test_errors_say_what_and_what_to_do(run: Run, arguments: list[str], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code != 0
    assert told in (str(result.exception) if isinstance(result.exception, StyrgrafError) else result.output)


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_explains_itself_and_is_in_the_readme(run: Run, command: str) -> None:
    assert run(command, "--help").exit_code == 0
    assert f"graphsvc {command}" in (ROOT / "README.md").read_text("utf-8")
