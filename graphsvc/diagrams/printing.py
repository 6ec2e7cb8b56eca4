"""A sheet as it is printed: from its SVG to PDF, which embeds the typeface and tags the picture, or to PNG."""

from __future__ import annotations

from graphsvc import typesetting
from graphsvc.diagrams import fonts
from graphsvc.diagrams.picture import Sheet

PPI = 300.0


def printed(sheet: Sheet, language: str, format: str) -> bytes:
    """`sheet` as pdf (tagged, PDF/UA-1, on a page of its own size, undated) or png (300 dots to the inch)."""
    told = {"width": f"{sheet.width_mm}", "height": f"{sheet.height_mm}", "title": sheet.title, "alt": sheet.description,
            "lang": language, "svg": sheet.svg}  # fmt: skip
    if format == "pdf":
        return typesetting.pdf(_SOURCE, told, fonts.folder())
    return typesetting.png(_SOURCE, told, fonts.folder(), PPI)


_SOURCE = b"""
#let told = sys.inputs
#set document(title: told.title, date: none)
#set text(lang: told.lang, font: "Source Sans Pro")
#set page(width: float(told.width) * 1mm, height: float(told.height) * 1mm, margin: 0mm)
#image(bytes(told.svg), format: "svg", width: 100%, alt: told.alt)
"""
