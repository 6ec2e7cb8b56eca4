"""Appendices as PDF: the content as data to templates/appendix.typ, which Typst sets into a tagged, accessible file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from graphsvc.diagrams import fonts
from graphsvc.remiss.brand import TEMPLATES, Brand
from graphsvc.remiss.content import Appendix, Banner, Block, Bullets, Figure, Heading, Line, Paragraph, Row, Table, citations

STANDARD: Final = "ua-1"
_LATIN = 0x24F
_PROBE = b'#set document(title: "-")\n#set text(font: (sys.inputs.font, "Libertinus Serif"))\n#sys.inputs.letter'


def pdf(appendix: Appendix, brand: Brand) -> bytes:
    """The appendix as PDF/UA-1; the same bytes for the same appendix and brand."""
    import typst

    made = datetime.fromisoformat(appendix.created)
    told = _displayable(json.dumps(_told(appendix, brand, made), ensure_ascii=False, sort_keys=True), brand.pdf_font)
    compiler = typst.Compiler(_template(), root=str(TEMPLATES), font_paths=_fonts())
    result = compiler.compile(format="pdf", sys_inputs={"data": told}, pdf_standards=[STANDARD], timestamp=made)
    if not isinstance(result, bytes):
        raise TypeError("Typst gav ingen PDF.")
    return result


def _displayable(text: str, font: str) -> str:
    """`text` with � for the letters that no font here has: PDF/UA does not let them be silently missing."""
    unusual = {letter for letter in text if ord(letter) > _LATIN}
    return text.translate({ord(letter): "\ufffd" for letter in unusual if not _has_glyph(letter, font)})


@cache
def _has_glyph(letter: str, font: str) -> bool:
    """Whether some font has `letter`, beside what `font` has: a page with only that letter tells."""
    import typst

    compiler = typst.Compiler(_PROBE, font_paths=_fonts(), sys_inputs={"letter": letter, "font": font})
    try:
        compiler.compile(format="pdf", pdf_standards=[STANDARD])
    except typst.TypstError:
        return False
    return True


@cache
def _template() -> bytes:
    return (TEMPLATES / "appendix.typ").read_bytes()


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(fonts.folder())])


def _told(appendix: Appendix, brand: Brand, made: datetime) -> dict[str, Any]:
    plain = {
        name: getattr(appendix, name) for name in ("title", "subtitle", "head", "language", "release", "command", "link")
    }
    targets = [row.target for block in appendix.blocks if isinstance(block, Table) for row in block.rows if row.target]
    return plain | {
        "brand": vars(brand),
        "made": [made.year, made.month, made.day],
        "contents": appendix.contents,
        "front": appendix.front,
        "targets": targets,
        "blocks": [_block(block) for block in appendix.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "level": block.level, "text": block.text, "new_page": block.new_page}
        case Paragraph():
            return {"kind": block.kind, "line": _line(block.line)}
        case Bullets():
            return {"kind": "bullets", "lines": [_line(line) for line in block.lines]}
        case Banner():
            return {"kind": "banner", "word": block.word, "text": block.text}
        case Figure():
            size = {"width": block.width_mm, "height": block.height_mm, "wide": block.wide}
            told = {"caption": block.caption, "alt": block.alt, "svg": block.svg}
            return {"kind": "figure"} | told | size
        case Table():
            columns = [{"label": column.label, "share": column.share, "centred": column.centred} for column in block.columns]
            rows = [_row(row) for row in block.rows]
            return {"kind": "table", "caption": block.caption, "columns": columns, "rows": rows, "dense": block.dense}


def _row(row: Row) -> dict[str, Any]:
    # A group row repeats on the next page, as decoration, and there no links may be.
    cells = [[_line(replace(line, sources=(), link="") if row.group else line) for line in cell] for cell in row.cells]
    return {"group": row.group, "target": row.target, "cells": cells}


def _line(line: Line) -> dict[str, Any]:
    sources = [{"text": text, "to": to} for text, to in citations(line.sources)]
    return {"text": line.text, "strong": line.strong, "link": line.link, "lang": line.language, "sources": sources}
