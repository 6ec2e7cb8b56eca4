"""Appendices as PDF: the content as data to templates/appendix.typ, which Typst sets into a tagged, accessible file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from graphsvc import typesetting
from graphsvc.diagrams import fonts
from graphsvc.remiss.brand import TEMPLATES, Brand
from graphsvc.remiss.content import Appendix, Banner, Block, Bullets, Figure, Heading, Line, Paragraph, Row, Table, citations

_LATIN = 0x24F


def pdf(appendix: Appendix, brand: Brand) -> bytes:
    """The appendix as PDF/UA-1; the same bytes for the same appendix and brand."""
    made = datetime.fromisoformat(appendix.created)
    told = _displayable(json.dumps(_told(appendix, brand, made), ensure_ascii=False, sort_keys=True), brand.pdf_font)
    return typesetting.pdf((TEMPLATES / "appendix.typ").read_bytes(), {"data": told}, fonts.folder(), made)


def _displayable(text: str, font: str) -> str:
    """`text` with � for the letters that no font here has: PDF/UA does not let them be silently missing."""
    unusual = {letter for letter in text if ord(letter) > _LATIN}
    missing = [letter for letter in unusual if not typesetting.has_letter(letter, font, fonts.folder())]
    return text.translate(dict.fromkeys(map(ord, missing), "\ufffd"))


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
            return {"kind": "heading", "level": block.level, "text": block.text}
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
