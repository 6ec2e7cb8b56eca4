"""The files that appendices come as: Word and PDF that are accessible, well formed, and the same bytes every time."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import docx
import pikepdf
import pytest
from appendix_read import PLAN, SLUG, text_of, tiny
from click.testing import CliRunner
from fastapi.testclient import TestClient

from graphsvc.cli import cli
from graphsvc.graph import Graph
from graphsvc.remiss import Order, make
from graphsvc.remiss.brand import brand_of
from graphsvc.remiss.content import Line
from graphsvc.remiss.pdf import pdf
from graphsvc.remiss.word import docx as word
from graphsvc.settings import Settings
from graphsvc.web.app import create_app

NASTY = "å\x00ä\x0b<b>&amp;\"'”]]>#let *x* $y$ @z _w_ \\ ¶ \ufffe {{7*7}} =1+1 ✓"


@pytest.fixture(scope="module")
def pdf_file(graph: Graph) -> bytes:
    """The whole appendix to the plan, as PDF."""
    return make(graph, Order(PLAN, form="pdf"))


def test_the_pdf_says_that_it_is_pdf_ua_tagged_swedish_and_what_it_is_called(pdf_file: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf_file)) as document:
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang).lower() == "sv-se"
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        with document.open_metadata() as told:
            assert told["pdfuaid:part"] == "1"
            assert told["dc:title"].endswith("(förslag)")


def tags(document: pikepdf.Pdf) -> list[tuple[str, pikepdf.Object]]:
    """Every structure element of a PDF with its kind, in reading order."""
    found: list[tuple[str, pikepdf.Object]] = []
    waiting = [document.Root.StructTreeRoot.K]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += reversed(list(one))
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            found.append((str(one.S), one))
            if "/K" in one:
                waiting.append(one.K)
    return found


def test_the_tags_of_the_pdf_have_headings_tables_with_heads_lists_and_described_figures(pdf_file: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf_file)) as document:
        found = tags(document)
        kinds = [kind for kind, _ in found]
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure", "/Caption", "/TOC", "/Link"} <= set(kinds)
        for kind, element in found:
            if kind == "/Figure":
                assert len(str(element.Alt)) > 100
            if kind == "/Table":
                within = [str(row.S) for row in _children(element)]
                assert "/THead" in within or "/TR" in within
        levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def _children(element: pikepdf.Object) -> list[pikepdf.Object]:
    inner = element.K
    several = list(inner) if isinstance(inner, pikepdf.Array) else [inner]
    return [one for one in several if isinstance(one, pikepdf.Dictionary) and "/S" in one]


def test_every_font_of_the_pdf_is_embedded_with_its_letters(pdf_file: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf_file)) as document:
        fonts = {name: font for page in document.pages for name, font in page.resources.get("/Font", {}).items()}
        assert fonts
        for font in fonts.values():
            assert "/ToUnicode" in font
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert any(name in descriptor for name in ("/FontFile2", "/FontFile3"))


def test_the_text_of_the_pdf_reads_in_order(pdf_file: bytes, tmp_path: Path) -> None:
    text = re.sub(r"\s+", " ", text_of(pdf_file, tmp_path))
    told = [
        "FÖRSLAG Dokumentet är ett förslag.",
        "Innehåll",
        "Tabell 1. Uppgifter om dokumentet",
        "Tabell 3. Remissen av dokumentet",
        "Figur 1.",
        "Aktiviteter med ansvariga och deltagande",
        "A betyder ansvarig",
        "Vad förslaget innebär för remissinstanserna Ett",
        "Kulturnämnden deltar i tre aktiviteter.",
        "Berörda som inte finns på sändlistan Förslaget",
        "Öppna punkter Elva",
        "Källor och citat Siffrorna",
        "Så gjordes bilagan Av utgåva",
    ]
    places = [text.find(part) for part in told]
    assert -1 not in places, told[places.index(-1)]
    assert places == sorted(places)


def test_every_page_of_the_pdf_says_proposal_release_command_and_link(graph: Graph, pdf_file: bytes, tmp_path: Path) -> None:
    pages = text_of(pdf_file, tmp_path).rstrip("\f").split("\f")
    assert len(pages) > 15
    for number, page in enumerate(pages, 1):
        assert "(förslag)" in page
        assert (
            f"Utgåva {graph.release.manifest.name}" in page
            and "graphsvc remiss" in page
            and f"remiss/goteborg/{SLUG}.pdf" in page
        )
        assert f"Sida {number} ({len(pages)})" in page


def test_the_sheet_for_one_body_is_a_letter_of_at_most_two_pages(graph: Graph) -> None:
    for name in ("Kulturnämnden", "Grundskolenämnden", "Pensionärsrådet", "Stadsdelsnämnden Centrum"):
        with pikepdf.open(io.BytesIO(make(graph, Order(PLAN, body=name)))) as document:
            assert len(document.pages) <= 2, name


def test_a_figure_for_word_is_only_the_figure_and_its_caption(graph: Graph) -> None:
    file = make(graph, Order(PLAN, part="figure", view="document-responsibilities", form="docx"))
    document = docx.Document(io.BytesIO(file))
    assert {p.style.name for p in document.paragraphs if p.style} == {"Normal", "Caption"}
    assert document.paragraphs[1].text.startswith("Figur\u00a01. ")
    assert not document.tables


ELSEWHERE = """
import sys
from pathlib import Path
from graphsvc.content import Content
from graphsvc.cli import cli
from graphsvc.graph import Graph
from graphsvc.release.build import current
from graphsvc.remiss import Order, make
content, workspace, document, form, out = sys.argv[1:]
graph = Graph(Content(Path(content)), current(Path(workspace)))
Path(out).write_bytes(make(graph, Order(document, form=form)))
"""


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_same_release_gives_the_same_bytes_twice_and_in_another_process(
    graph: Graph, settings: Settings, form: str, tmp_path: Path
) -> None:
    here = make(graph, Order(PLAN, form=form))
    assert here == make(graph, Order(PLAN, form=form))
    target = tmp_path / f"bilaga.{form}"
    command = [sys.executable, "-c", ELSEWHERE, str(settings.content), str(settings.workspace), PLAN, form, str(target)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONHASHSEED": "7"}, timeout=120)
    assert target.read_bytes() == here


def test_the_command_writes_the_file_that_its_ending_asks_for(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = CliRunner().invoke
    base = ["--workspace", str(settings.workspace), "remiss", PLAN, "--for", "kulturnämnden"]
    for ending, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        target = tmp_path / f"blad.{ending}"
        result = run(cli, [*base, "-o", str(target)])
        assert result.exit_code == 0, result.output
        assert target.read_bytes().startswith(magic)
        assert "Länkarna i filen går till den här datorn" in result.output
    monkeypatch.setenv("STYRGRAF_PUBLIC_ADDRESS", "https://data.example.se/")
    assert "går till den här datorn" not in run(cli, [*base, "-o", str(target)]).output
    monkeypatch.chdir(tmp_path)
    assert run(cli, [*base, "--format", "pdf"]).exit_code == 0
    assert (tmp_path / "plan-for-en-jamlik-stad-kulturnamnden.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("text", [NASTY, "a" * 5000, "", "\u202eomvänd", "日本語 العربية 😀"])
def test_whatever_the_data_holds_both_files_are_well_formed(text: str) -> None:
    appendix = tiny(text)
    document = docx.Document(io.BytesIO(word(appendix, brand_of())))
    assert any(Line(text).text in paragraph.text for paragraph in document.paragraphs)
    if text and Line(text).text:
        with pikepdf.open(io.BytesIO(pdf(appendix, brand_of()))) as made:
            assert len(made.pages) >= 1


def test_nothing_in_the_data_is_run_as_markup(tmp_path: Path) -> None:
    text = re.sub(r"\s+", " ", text_of(pdf(tiny(NASTY), brand_of()), tmp_path))
    assert "#let *x* $y$ @z _w_" in text and "{{7*7}}" in text and "<b>&amp;" in text


def test_a_brand_changes_both_files(graph: Graph, tmp_path: Path) -> None:
    from graphsvc.remiss.brand import TEMPLATES

    mine = tmp_path / "mall.yaml"
    usual = (TEMPLATES / "brand.yaml").read_text("utf-8")
    mine.write_text(
        usual.replace('organisation: ""', "organisation: Ängelholms kommun").replace("#1f3b57", "#7a0019"), "utf-8"
    )
    order = Order(PLAN, body="Kulturnämnden")
    assert "Ängelholms kommun" in text_of(make(graph, order, mine), tmp_path)
    document = docx.Document(io.BytesIO(make(graph, Order(PLAN, body="Kulturnämnden", form="docx"), mine)))
    assert "Ängelholms kommun" in document.sections[0].header.paragraphs[0].text
    heading = document.styles["Heading 1"]
    assert str(heading.font.color.rgb) == "7A0019"  # type: ignore[attr-defined]


def test_the_service_gives_the_same_file_as_the_command_and_knows_it_again(graph: Graph, settings: Settings) -> None:
    with TestClient(create_app(graph, settings)) as client:
        answer = client.get(f"/remiss/{SLUG}.docx", params={"for": "kulturnämnden"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
        assert answer.headers["content-disposition"] == f'attachment; filename="{SLUG}-kulturnamnden.docx"'
        order = Order(PLAN, body="Kulturnämnden", form="docx", address=settings.public_address)
        assert answer.content == make(graph, order)
        again = client.get(
            f"/remiss/{SLUG}.docx", params={"for": "kulturnämnden"}, headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304 and not again.content
        other = client.get(f"/remiss/goteborg/{SLUG}.pdf", params={"for": "kulturnämnden"})
        assert other.headers["content-type"] == "application/pdf" and other.content.startswith(b"%PDF")
        assert other.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/remiss/{SLUG}.odt", 422),
        ("/remiss/finns-inte.pdf", 404),
        (f"/remiss/atlantis/{SLUG}.pdf", 404),
        (f"/remiss/{SLUG}.pdf?for=Kulturn%C3%A4mden", 404),
        (f"/remiss/{SLUG}.pdf?part=figure", 400),
        (f"/remiss/{SLUG}.pdf?part=figure&view=ingen", 404),
        (f"/remiss/{SLUG}.pdf?part=allt", 422),
        (f"/remiss/{SLUG}.pdf?for={'x' * 301}", 422),
    ],
)
def test_the_service_refuses_what_it_cannot_make(graph: Graph, settings: Settings, path: str, status: int) -> None:
    with TestClient(create_app(graph, settings)) as client:
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("application/problem+json")
        if "Kulturn" in path:
            assert "Kulturnämnden" in [one["label"] for one in answer.json()["suggestions"]]
