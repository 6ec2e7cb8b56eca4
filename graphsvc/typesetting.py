"""The only home of Typst: a source in its language, and the texts given to it, set as tagged PDF (PDF/UA-1) or as PNG.

Typst comes as a wheel without system packages. It sees no font but those of the folder that it is given and its own, so
that the same source gives the same bytes everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

STANDARD: Final = "ua-1"
_PROBE = b'#set document(title: "-")\n#set text(font: (sys.inputs.font, "Libertinus Serif"))\n#sys.inputs.letter'


def pdf(source: bytes, told: Mapping[str, str], fonts: Path, made: datetime | None = None) -> bytes:
    """`source` as PDF/UA-1, with the texts `told` as its inputs; `made` is the time that it says it was made at, if any."""
    return _one(_compiler(source, told, fonts).compile(format="pdf", pdf_standards=[STANDARD], timestamp=made))


def png(source: bytes, told: Mapping[str, str], fonts: Path, dots: float) -> bytes:
    """The single page of `source` as PNG, `dots` to the inch."""
    return _one(_compiler(source, told, fonts).compile(format="png", ppi=dots))


@cache
def has_letter(letter: str, font: str, fonts: Path) -> bool:
    """Whether `letter` can be set in `font` or in what stands in for it: a page with only that letter tells."""
    import typst

    try:
        pdf(_PROBE, {"letter": letter, "font": font}, fonts)
    except typst.TypstError:
        return False
    return True


def _compiler(source: bytes, told: Mapping[str, str], fonts: Path) -> Any:
    import typst

    return typst.Compiler(source, font_paths=_fonts(fonts), sys_inputs=dict(told))


@cache
def _fonts(folder: Path) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def _one(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("Typst gav inte en fil.")
    return made
