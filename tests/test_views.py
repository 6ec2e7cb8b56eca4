"""The views: how they are declared, their cases, the files that their pictures come as, and the ways to them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from cases import cases_of, stems_of
from click.testing import Result
from drawn import seen
from fastapi.testclient import TestClient

from graphsvc.content import Content
from graphsvc.diagrams import FORMATS, Picture, Views, draw
from graphsvc.diagrams.graphviz import places
from graphsvc.errors import BadFile, NothingToShow
from graphsvc.graph import Graph
from graphsvc.settings import Settings

ROOT = Path(__file__).parent.parent
STEMS, CASES = stems_of("views"), cases_of("views")
PLAN = "Göteborgs Stads plan för en jämlik stad 2019-2022"


def test_the_same_release_gives_the_same_bytes_in_another_process(graph: Graph, settings: Settings) -> None:
    asked = [(view, about) for view, about in _largest(graph).items()]
    own = {view: [picture.render(form).hex() for form in FORMATS] for view, picture in _drawn(graph, asked)}
    again = draw(graph, *asked[0]).render("pdf").hex()
    assert again == own[asked[0][0]][FORMATS.index("pdf")]
    made = subprocess.run(
        [sys.executable, "-c", _DRAW_AGAIN, str(ROOT), str(settings.workspace), json.dumps(asked)],
        capture_output=True, check=True, text=True, env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    mine = {view: [hashlib.sha256(bytes.fromhex(data)).hexdigest() for data in made] for view, made in own.items()}
    assert json.loads(made.stdout) == mine


_DRAW_AGAIN = """
import hashlib, json, sys
from pathlib import Path
from graphsvc.content import Content
from graphsvc.diagrams import FORMATS, draw
from graphsvc.graph import Graph
from graphsvc.release.build import current
graph = Graph(Content(Path(sys.argv[1])), current(Path(sys.argv[2])))
made = {}
for view, about in json.loads(sys.argv[3]):
    picture = draw(graph, view, about)
    made[view] = [hashlib.sha256(picture.render(form)).hexdigest() for form in FORMATS]
print(json.dumps(made))
"""


def _drawn(graph: Graph, asked: list[tuple[str, str]]) -> Iterator[tuple[str, Picture]]:
    for view, about in asked:
        yield view, draw(graph, view, about)


def _largest(graph: Graph) -> dict[str, str]:
    """Of each view, something that it shows."""
    cases: dict[str, str] = {}
    for stem, _, case in CASES:
        if not case.get("empty"):
            cases.setdefault(stem, str(case["about"]))
    return cases


@pytest.mark.parametrize("view", STEMS)
def test_formats_hold_what_they_say(graph: Graph, view: str) -> None:
    picture = draw(graph, view, _largest(graph)[view])
    made = {form: picture.render(form) for form in FORMATS}
    assert made["png"].startswith(b"\x89PNG")
    wide = int.from_bytes(made["png"][16:20], "big")
    assert wide == pytest.approx(picture.sheets[0].width_mm / 25.4 * 300, abs=2)
    assert made["pdf"].startswith(b"%PDF-") and b"pdfuaid:part" in made["pdf"]
    assert b"/Lang" in made["pdf"] and b"/FontFile" in made["pdf"].replace(b"/FontFile2", b"/FontFile")
    boxes = len(seen(picture.sheets[0].svg).boxes)
    cells = Xml.fromstring(made["drawio"]).findall(".//mxCell[@vertex='1']")
    assert len(cells) == boxes
    assert made["mmd"].decode().count("\n  n") >= boxes
    found = places(made["dot"].decode())
    assert len(found.centres) == boxes
    assert picture.render("mermaid") == made["mmd"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("#+ title:", "#+ titel:"), "okända fält: titel"),
        (("#+ layout: tree", "#+ layout: ring"), "layout är ring"),
        (("#+ about:", "#+ split: 1 #"), "saknar about"),
        (("VALUES ?about {", "VALUES ?other {"), r"saknar VALUES \?about"),
        (("role:pilot,", "roll:pilot,"), "roll:pilot har inget känt prefix"),
    ],
)
def test_a_view_that_is_not_well_declared_is_refused(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    folder = tmp_path / "queries" / "views"
    folder.mkdir(parents=True)
    text = (ROOT / "queries" / "views" / "document-responsibilities.rq").read_text("utf-8")
    assert change[0] in text
    (folder / "vy.rq").write_text(text.replace(*change), "utf-8")
    with pytest.raises(BadFile, match=told):
        list(Views(Content(tmp_path)))


def test_a_new_view_is_a_new_file(graph: Graph, tmp_path: Path) -> None:
    for name in ("views", "lookups"):
        folder = tmp_path / "queries" / name
        folder.mkdir(parents=True)
        for path in (ROOT / "queries" / name).iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
    text = (ROOT / "queries" / "views" / "timeline.rq").read_text("utf-8").replace("layout: timeline", "layout: tree")
    (tmp_path / "queries" / "views" / "min-egen.rq").write_text(text, "utf-8")
    other = Graph(replace(Content(tmp_path)), graph.release)
    assert draw(other, "min-egen", PLAN).sheets[0].table == draw(graph, "timeline", PLAN).sheets[0].table


def test_views_are_served_and_pictures_in_every_format(client: TestClient, graph: Graph) -> None:
    assert [view["id"] for view in client.get("/api/views").json()] == STEMS
    for form in FORMATS:
        answer = client.get(f"/diagrams/referral.{form}", params={"about": PLAN, "sheet": 2})
        assert answer.status_code == 200
        assert answer.content == draw(graph, "referral", PLAN).render(form, 2)
        assert answer.headers["styrgraf-sheets"] == "2"
    assert client.get("/diagrams/referral.svg", params={"about": PLAN, "lang": "en"}).headers["content-language"] == "en"
    for path, status, told in [
        ("/diagrams/refferal.svg?about=x", 404, "referral"),
        ("/diagrams/referral.svg?about=inget+alls", 404, "Inget som kan vara about"),
        ("/diagrams/referral.svg", 400, "about"),
        ("/diagrams/referral.gif?about=x", 406, "svg"),
        ("/diagrams/referral?about=x", 406, "svg"),
        (f"/diagrams/referral.svg?about={PLAN}&sheet=9", 400, "blad"),
    ]:
        refused = client.get(path)
        assert (refused.status_code, told in refused.text) == (status, True), (path, refused.text)


def test_the_command_line_writes_every_sheet_and_lists_the_views(
    run: Callable[..., Result], graph: Graph, tmp_path: Path
) -> None:
    listed = run("views").stdout
    assert all(stem in listed for stem in STEMS)
    out = tmp_path / "remissen på svenska.pdf"
    done = run("diagram", "referral", "--about", PLAN, "--format", "pdf", "-o", str(out))
    assert done.exit_code == 0, done.output
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["remissen på svenska-1.pdf", "remissen på svenska-2.pdf"]
    one = run("diagram", "referral", "--about", PLAN, "--sheet", "2")
    assert one.stdout == draw(graph, "referral", PLAN).sheets[1].svg


def test_every_view_has_cases_and_every_case_a_view() -> None:
    assert len(STEMS) >= 10
    assert sorted({stem for stem, _, _ in CASES}) == STEMS


@pytest.mark.parametrize(("stem", "number", "case"), CASES, ids=[f"{stem}-{number}" for stem, number, _ in CASES])
def test_case(graph: Graph, stem: str, number: int, case: dict[str, Any]) -> None:
    assert set(case) <= {"about", "sheets", "has", "hasnot", "empty"}, "unknown key in the case"
    if case.get("empty"):
        with pytest.raises(NothingToShow):
            draw(graph, stem, str(case["about"]))
        return
    picture = draw(graph, stem, str(case["about"]))
    rows = [[cell.replace("\u00a0", " ") for cell in row] for sheet in picture.sheets for row in sheet.table.rows]
    assert len(picture.sheets) <= case.get("sheets", 99)
    for wanted in case["has"]:
        assert wanted in rows, (wanted, [row for row in rows if row[0] == wanted[0] or row[2] == wanted[2]])
    for unwanted in case.get("hasnot", []):
        assert unwanted not in rows
