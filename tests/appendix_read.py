"""An appendix read as a reader does: what stands under a heading, in a table, on its lines, in the file."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from graphsvc.graph import Graph
from graphsvc.remiss.content import Appendix, Block, Bullets, Column, Heading, Line, Paragraph, Row, Table

PLAN = "plan för en jämlik stad"
SLUG = "plan-for-en-jamlik-stad-2019-2022"


def lines_of(block: Block) -> Iterator[Line]:
    """Every line of a block."""
    match block:
        case Paragraph():
            yield block.line
        case Bullets():
            yield from block.lines
        case Table():
            for row in block.rows:
                for cell in row.cells:
                    yield from cell


def under(appendix: Appendix, heading: str) -> list[Block]:
    """The blocks under a heading, to the next of its level or above."""
    found: list[Block] = []
    level = 0
    for block in appendix.blocks:
        if isinstance(block, Heading):
            if level and block.level <= level:
                break
            if block.text == heading:
                level = block.level
                continue
        if level:
            found.append(block)
    assert level, f"ingen rubrik {heading}"
    return found


def table_under(appendix: Appendix, heading: str) -> Table:
    """The first table under a heading."""
    return next(block for block in under(appendix, heading) if isinstance(block, Table))


def first_column(table: Table) -> list[str]:
    """The text of the first cell of each row that is no group."""
    return [row.cells[0][0].text for row in table.rows if not row.group]


def consulted(graph: Graph) -> dict[str, str]:
    """The consulted bodies, IRI to name, as the named question gives them."""
    rows = graph.answer("who-was-consulted", {"document": PLAN}).rows
    return {row.cells["actor"].term.value: row.cells["actor"].text for row in rows}


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
