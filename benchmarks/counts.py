"""Counts what the graph holds and writes the table into the README: `python benchmarks/counts.py`."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from graphsvc.graph import Graph, open_graph
from graphsvc.settings import Settings
from graphsvc.terms import sort_key

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- counts -->", "<!-- /counts -->"


def table(graph: Graph) -> str:
    """The table of facts by source text and kind, and a line on questions, shapes, findings and cases, as Markdown."""
    rows = sorted(graph.store.select(graph.content.lookup("counts")).rows, key=lambda row: sort_key(row["title"].value))
    lines = ["| source text | things | statements | claims | with proven passage |", "| --- | --: | --: | --: | --: |"]
    total = [0, 0, 0, 0]
    for row in rows:
        facts, statements, claims, proven = (int(row[name].value) for name in ("facts", "statements", "claims", "proven"))
        counts = [facts - statements - claims, statements, claims, proven]
        total = [a + b for a, b in zip(total, counts, strict=True)]
        lines.append(_line(row["title"].value, counts))
    lines.append(_line("**all**", total))
    return "\n".join(lines) + "\n\n" + _checks(graph)


def _line(title: str, counts: list[int]) -> str:
    things, statements, claims, proven = counts
    share = 100 * proven // (things + statements + claims)
    return f"| {title} | {things} | {statements} | {claims} | {proven} ({share} %) |"


def _checks(graph: Graph) -> str:
    manifest = graph.release.manifest
    cases = sum(len(yaml.safe_load(path.read_text("utf-8"))) for path in (ROOT / "tests/queries/questions").glob("*.yaml"))
    shape_cases = len(list((ROOT / "tests" / "shapes").glob("*/*.ttl")))
    finding_cases = len(list((ROOT / "tests/queries/findings").glob("*/*.ttl")))
    shapes = sum(len(re.findall(r"^shape:", path.read_text("utf-8"), re.MULTILINE)) for path in graph.content.shapes)
    return (
        f"{len(list(graph.questions))} questions with {cases} cases, {shapes} shapes with {shape_cases} cases, "
        f"{len(graph.content.queries('findings'))} kinds of findings with {finding_cases} cases; "
        f"{manifest.counts['quads']:,} quads in {manifest.counts['graphs']} graphs; "
        f"{manifest.validation['findings']} findings in the shipped documents."
    )


def main() -> None:
    """Write the table between its marks in the README."""
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    told = f"{BEGIN}\n{table(open_graph(Settings.from_environment()))}\n{END}"
    readme.write_text(re.sub(f"{BEGIN}.*?{END}", lambda _: told, text, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
