"""The appendix as a file for Word: accessible, in the order of the standard, and opened by another program."""

from __future__ import annotations

import io
import os
import re
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pikepdf
import pytest
from appendix_read import PLAN, SLUG, body, text_of, tiny, tool
from docx.oxml.ns import qn
from lxml import etree

from graphsvc.graph import Graph
from graphsvc.remiss import Order, make
from graphsvc.remiss.brand import brand_of
from graphsvc.remiss.word import docx as word


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
