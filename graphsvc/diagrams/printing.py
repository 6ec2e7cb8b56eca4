"""The only home of the conversion from SVG: PDF and PNG by Typst, which embeds the typeface and tags the picture.

Typst comes as a wheel without system packages, reads our font files from their folder, and writes the same bytes for the
same sheet: a date is not told.
"""

from __future__ import annotations

from graphsvc.diagrams import fonts
from graphsvc.diagrams.picture import Sheet

PPI = 300.0


def printed(sheet: Sheet, language: str, format: str) -> bytes:
    """`sheet` as pdf (tagged, PDF/UA-1, on a page of its own size) or png (300 dots to the inch)."""
    import typst

    compiler = typst.Compiler(font_paths=[fonts.folder()], ignore_system_fonts=True)
    told = {"width": f"{sheet.width_mm}", "height": f"{sheet.height_mm}", "title": sheet.title, "alt": sheet.description,
            "lang": language, "svg": sheet.svg}  # fmt: skip
    source = _SOURCE.encode()
    if format == "pdf":
        made = compiler.compile(source, format="pdf", sys_inputs=told, pdf_standards=["ua-1"])
    else:
        made = compiler.compile(source, format="png", sys_inputs=told, ppi=PPI)
    assert isinstance(made, bytes)  # one page gives one file
    return made


_SOURCE = """
#let told = sys.inputs
#set document(title: told.title, date: none)
#set text(lang: told.lang, font: "Source Sans Pro")
#set page(width: float(told.width) * 1mm, height: float(told.height) * 1mm, margin: 0mm)
#image(bytes(told.svg), format: "svg", width: 100%, alt: told.alt)
"""
