"""The files that appendices come as: Word and PDF that are accessible, well formed, and the same bytes every time."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pikepdf
import pytest
from click.testing import CliRunner
from docx.oxml.ns import qn
from fastapi.testclient import TestClient
from lxml import etree

from graphsvc.cli import cli
from graphsvc.graph import Graph
from graphsvc.remiss import Order, make
from graphsvc.remiss.brand import brand_of
from graphsvc.remiss.content import Appendix, Bullets, Column, Heading, Line, Paragraph, Row, Table
from graphsvc.remiss.pdf import pdf
from graphsvc.remiss.word import docx as word
from graphsvc.settings import Settings
from graphsvc.web.app import create_app

PLAN = "plan för en jämlik stad"
SLUG = "plan-for-en-jamlik-stad-2019-2022"
NASTY = "å\x00ä\x0b<b>&amp;\"'”]]>#let *x* $y$ @z _w_ \\ ¶ \ufffe {{7*7}} =1+1 ✓"


@pytest.fixture(scope="module")
def word_file(graph: Graph) -> bytes:
    """The whole appendix to the plan, for Word."""
    return make(graph, Order(PLAN, form="docx"))


@pytest.fixture(scope="module")
def pdf_file(graph: Graph) -> bytes:
    """The whole appendix to the plan, as PDF."""
    return make(graph, Order(PLAN, form="pdf"))


def tool(name: str, package: str) -> str:
    """The path of a program; the test is skipped where it is not installed."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} finns inte här (Debian: {package})")
    return found


def text_of(pdf_bytes: bytes, folder: Path) -> str:
    """The text of a PDF in reading order, page after page."""
    program = tool("pdftotext", "poppler-utils")
    (folder / "in.pdf").write_bytes(pdf_bytes)
    subprocess.run(
        [program, "-enc", "UTF-8", str(folder / "in.pdf"), str(folder / "out.txt")], check=True, capture_output=True
    )
    return (folder / "out.txt").read_text("utf-8")


def body(file: bytes) -> etree._Element:
    """The main part of a Word document."""
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read("word/document.xml"))


def tiny(text: str) -> Appendix:
    """A small appendix in which `text` stands everywhere."""
    line = Line(text, (1,))
    table = Table(text, (Column(text), Column(text, centred=True)), (
        Row(((line,),), group=True), Row(((line,), (line, line)), target=1), Row(((Line("x" * 9000),), (Line(""),))),
    ))  # fmt: skip
    blocks = (Heading(1, text), Paragraph(line), Paragraph(line, "lead"), Paragraph(line, "note"), Bullets((line,)), table)
    return Appendix(
        line.text, line.text, line.text, "sv", "1-abc", "2026-01-02T03:04:05+00:00", line.text, line.text, blocks
    )


def test_word_reads_the_headings_in_order_with_real_styles(word_file: bytes) -> None:
    document = docx.Document(io.BytesIO(word_file))
    headings = [(p.style.name, p.text) for p in document.paragraphs if p.style and p.style.name.startswith("Heading")]
    first = [text for style, text in headings if style == "Heading 1"]
    assert first == [
        "Om dokumentet", "Beslut", "Remissen", "Dokumentets uppbyggnad", "Aktiviteter, ansvariga och deltagande",
        "Ansvarsmatris", "Samband med andra dokument", "Vad förslaget innebär för remissinstanserna",
        "Berörda som inte finns på sändlistan", "Öppna punkter", "Källor och citat", "Så gjordes bilagan",
    ]  # fmt: skip
    assert ("Heading 2", "Kulturnämnden") in headings
    assert document.paragraphs[0].style is not None and document.paragraphs[0].style.name == "Title"


def test_every_table_has_a_heading_row_that_repeats_and_rows_that_keep_together(word_file: bytes) -> None:
    tables = docx.Document(io.BytesIO(word_file)).tables
    assert len(tables) > 15
    for table in tables:
        first, *rest = table._tbl.tr_lst
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None for row in rest)
        assert table.style is not None and table.style.name == "Appendix Table"
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
        widths = {sum(int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst) for row in table._tbl.tr_lst}
        assert len(widths) == 1


def test_captions_are_numbered_by_fields_of_their_kind(word_file: bytes) -> None:
    document = docx.Document(io.BytesIO(word_file))
    captions = [p for p in document.paragraphs if p.style and p.style.name == "Caption"]
    codes = ["".join(node.text for node in p._p.iter(qn("w:instrText"))).strip() for p in captions]
    assert set(codes) == {"SEQ Tabell \\* ARABIC", "SEQ Figur \\* ARABIC"}
    numbers = [re.sub(r"\D.*", "", p.text.split("\u00a0")[1]) for p in captions if p.text.startswith("Tabell")]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) == len(document.tables)


def test_pictures_are_svg_with_png_beside_and_told_in_words(word_file: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(word_file))
    relations = etree.fromstring(package.read("word/_rels/document.xml.rels"))
    targets = {one.get("Id"): one.get("Target") for one in relations}
    root = body(word_file)
    drawings = list(root.iter(qn("w:drawing")))
    assert drawings
    for drawing in drawings:
        told = drawing.find(f".//{qn('wp:docPr')}")
        assert len(told.get("descr")) > 100
        blip = drawing.find(f".//{qn('a:blip')}")
        svg = next(node for node in blip.iter() if etree.QName(node).localname == "svgBlip")
        assert package.read("word/" + targets[blip.get(qn("r:embed"))]).startswith(b"\x89PNG")
        assert b"<svg" in package.read("word/" + targets[svg.get(qn("r:embed"))])[:400]


_ORDER = {  # the order in which ECMA-376 (Part 1, chapter 17) wants what stands within these; Word refuses another
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "outlineLvl divId cnfStyle rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish "
    "webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
    "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference type pgSz pgMar paperSrc pgBorders pgNumType cols vAlign titlePg docGrid",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked rsid "
    "pPr rPr tblPr trPr tcPr tblStylePr",
    "settings": "zoom proofState defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps "
    "characterSpacingControl savePreviewPicture compat rsids mathPr themeFontLang clrSchemeMapping "
    "doNotAutoCompressPictures shapeDefaults decimalSymbol listSeparator docId defaultImageDpi",
    "inline": "extent effectExtent docPr cNvGraphicFramePr graphic",
}


@pytest.fixture(scope="module")
def word_files(graph: Graph, word_file: bytes) -> list[bytes]:
    """Every kind of appendix for Word."""
    orders = [
        Order(PLAN, body="Kulturnämnden", form="docx"),
        Order(PLAN, part="answers", form="docx", language="en"),
        Order(PLAN, part="figure", view="document-responsibilities", form="docx"),
    ]
    return [word_file, *(make(graph, order) for order in orders), word(tiny("å"), brand_of())]


def test_everything_in_word_stands_in_the_order_that_the_standard_wants(word_files: list[bytes]) -> None:
    for file in word_files:
        package = zipfile.ZipFile(io.BytesIO(file))
        for name in ("document", "styles", "settings", "header1", "footer1"):
            for element in etree.fromstring(package.read(f"word/{name}.xml")).iter():
                kind = etree.QName(element).localname
                if kind in _ORDER:
                    places = [_ORDER[kind].split().index(etree.QName(child).localname) for child in element]
                    assert places == sorted(places), (name, etree.tostring(element)[:600])


def test_every_relation_of_word_is_there_and_every_part_is_related_and_typed(word_files: list[bytes]) -> None:
    for file in word_files:
        package = zipfile.ZipFile(io.BytesIO(file))
        names, related = set(package.namelist()), {"[Content_Types].xml"}
        for name in [name for name in names if name.endswith(".rels")]:
            relations = list(etree.fromstring(package.read(name)))
            home = name.partition("_rels/")[0]
            related |= {name} | {
                os.path.normpath(f"{home}{one.get('Target')}").lstrip("/")
                for one in relations
                if one.get("TargetMode") != "External"
            }
            part = f"{home}{Path(name).stem}"
            used = re.findall(r'r:(?:id|embed|link)="([^"]+)"', package.read(part).decode()) if part in names else []
            assert set(used) <= {one.get("Id") for one in relations}, part
        assert related == names
        types = etree.fromstring(package.read("[Content_Types].xml"))
        typed = {one.get("PartName", "").lstrip("/") for one in types} | {
            name for name in names for one in types if one.get("Extension") == name.rpartition(".")[2]
        }
        assert names <= typed | {"[Content_Types].xml"}


def test_pictures_in_word_are_told_apart_and_told_in_words_twice(word_files: list[bytes]) -> None:
    for file in word_files:
        pictures = list(body(file).iter(qn("wp:docPr")))
        assert len({one.get("id") for one in pictures}) == len(pictures)
        for picture, inner in zip(pictures, body(file).iter(qn("pic:cNvPr")), strict=True):
            assert picture.get("descr") and picture.get("descr") == inner.get("descr")


def test_no_empty_paragraph_makes_room_and_no_level_of_heading_is_skipped(word_files: list[bytes]) -> None:
    for file in word_files:
        *blocks, last = body(file)[0]
        assert last.tag == qn("w:sectPr") and blocks[-1].tag == qn("w:p")
        for one in blocks[:-1]:
            assert one.tag == qn("w:tbl") or "".join(one.itertext()) or list(one.iter(qn("w:drawing"), qn("w:sectPr")))
        styles = [p.style.name for p in docx.Document(io.BytesIO(file)).paragraphs if p.style]
        levels = [0, *(int(style[-1]) for style in styles if re.fullmatch(r"Heading \d", style))]
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_tables_in_word_have_as_many_cells_as_columns(word_files: list[bytes]) -> None:
    for file in word_files:
        for table in body(file).iter(qn("w:tbl")):
            columns = len(list(table.iter(qn("w:gridCol"))))
            for row in table.iter(qn("w:tr")):
                spans = [cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}") for cell in row.iter(qn("w:tc"))]
                assert sum(int(span.get(qn("w:val"))) if span is not None else 1 for span in spans) == columns
                assert all(cell[-1].tag == qn("w:p") for cell in row.iter(qn("w:tc")))


def test_word_opens_it_as_its_own_kind(word_file: bytes) -> None:
    settings = docx.Document(io.BytesIO(word_file)).settings.element
    modes = {one.get(qn("w:name")): one.get(qn("w:val")) for one in settings.iter(qn("w:compatSetting"))}
    assert modes["compatibilityMode"] == "15"


def test_the_language_title_and_properties_are_told(graph: Graph, word_file: bytes) -> None:
    document = docx.Document(io.BytesIO(word_file))
    default = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    assert default.get(qn("w:val")) == "sv-SE"
    told = document.core_properties
    assert told.title.endswith("(förslag)") and told.language == "sv-SE" and told.keywords == graph.release.manifest.name
    assert told.created is not None and told.created.isoformat()[:19] == graph.release.manifest.created[:19]


def test_every_page_of_word_has_the_proposal_above_and_the_release_below(graph: Graph, word_file: bytes) -> None:
    document = docx.Document(io.BytesIO(word_file))
    for section in document.sections:
        assert "(förslag)" in section.header.paragraphs[0].text
        foot = "\n".join(paragraph.text for paragraph in section.footer.paragraphs)
        assert graph.release.manifest.name in foot and "graphsvc remiss" in foot and f"remiss/goteborg/{SLUG}.docx" in foot
        codes = "".join(node.text for node in section.footer._element.iter(qn("w:instrText")))
        assert "PAGE" in codes and "NUMPAGES" in codes


def test_every_link_within_word_leads_to_one_bookmark(word_file: bytes) -> None:
    root = body(word_file)
    marks = [mark.get(qn("w:name")) for mark in root.iter(qn("w:bookmarkStart"))]
    numbers = [mark.get(qn("w:id")) for mark in root.iter(qn("w:bookmarkStart"))]
    leads = {link.get(qn("w:anchor")) for link in root.iter(qn("w:hyperlink"))} - {None}
    assert len(set(marks)) == len(marks) and len(set(numbers)) == len(numbers)
    assert len(leads) > 100 and leads <= set(marks)


def test_word_shows_quotations_in_their_own_language(graph: Graph) -> None:
    root = body(make(graph, Order(PLAN, language="en", form="docx", body="Kulturnämnden")))
    runs = [run for run in root.iter(qn("w:r")) if run.find(f"{qn('w:rPr')}/{qn('w:lang')}") is not None]
    assert any("grundskolenämnden" in "".join(run.itertext()) for run in runs)


def test_libreoffice_turns_word_into_pdf_without_loss(word_file: bytes, tmp_path: Path) -> None:
    program = tool("soffice", "libreoffice-writer-nogui")
    (tmp_path / "bilaga.docx").write_bytes(word_file)
    command = [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
               str(tmp_path), str(tmp_path / "bilaga.docx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = re.sub(r"\s+", " ", text_of((tmp_path / "bilaga.pdf").read_bytes(), tmp_path))
    document = docx.Document(io.BytesIO(word_file))
    for paragraph in document.paragraphs:
        if paragraph.style and paragraph.style.name.startswith(("Heading", "Title", "Lead")):
            assert re.sub(r"\s+", " ", paragraph.text) in text
    quotations = document.tables[-1]
    last = quotations.rows[-1].cells[0].text
    assert f" {last} " in text
    with pikepdf.open(tmp_path / "bilaga.pdf") as converted:
        assert len(converted.pages) > 15


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
