"""The typeface of pictures: where its files are, how wide its letters are, and what of it an SVG carries with it.

Source Sans Pro (SIL Open Font License) comes as the PyPI package font-source-sans-pro, as plain static files, which every
engine reads alike. Its letters are about as narrow as Calibri's, which stands next in the list of families: a program that
ignores fonts inside an SVG (Word) still fits the text in its boxes.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FAMILY = "Source Sans Pro"
FAMILIES = "'Source Sans Pro', Calibri, Carlito, 'Arial Narrow', 'Liberation Sans Narrow', sans-serif"
REGULAR, BOLD = 400, 600
_FILES = {REGULAR: "SourceSansPro-Regular.ttf", BOLD: "SourceSansPro-Semibold.ttf"}
_LETTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‐‑‘’“”„•…′→←−≤≥×€")]
_NOT_NEEDED = ["DSIG", "GDEF", "GPOS", "GSUB", "kern", "gasp"]
_UNITS = 1000


@cache
def folder() -> Path:
    """The folder with the font files, for programs that read fonts from one."""
    found = find_spec("font_source_sans_pro")
    if found is None or found.origin is None:
        raise RuntimeError("Paketet font-source-sans-pro är inte installerat.")
    return Path(found.origin).parent / "files"


def files() -> dict[int, Path]:
    """The font files by weight."""
    return {weight: folder() / name for weight, name in _FILES.items()}


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """How wide `text` is, in the unit of `size`; letters that the font lacks count as wide ones."""
    widths = _widths(weight)
    return sum(widths.get(ord(letter), 620) for letter in text) * size / _UNITS


@cache
def _widths(weight: int) -> dict[int, int]:
    from fontTools.ttLib import TTFont

    with TTFont(files()[weight], lazy=True) as font:
        scale = _UNITS / font["head"].unitsPerEm
        advances = font["hmtx"].metrics
        return {code: round(advances[name][0] * scale) for code, name in font.getBestCmap().items()}


@cache
def style() -> str:
    """The CSS that gives an SVG its typeface: the letters of European languages in both weights, as data."""
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};src:url(data:font/woff;base64,{_subset(weight)})}}"
        for weight in _FILES
    )


def woff(weight: int) -> bytes:
    """The letters of European languages in that weight, as a web font for pages that show an SVG as their part."""
    return base64.b64decode(_subset(weight))


@cache
def _subset(weight: int) -> str:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(hinting=False, notdef_outline=True, name_IDs=[1, 2], drop_tables=_NOT_NEEDED)
    shrinking = subset.Subsetter(options)
    shrinking.populate(unicodes=_LETTERS)
    out = io.BytesIO()
    with TTFont(files()[weight], recalcTimestamp=False) as font:
        shrinking.subset(font)
        font.flavor = "woff"
        font.save(out)
    return base64.b64encode(out.getvalue()).decode()
