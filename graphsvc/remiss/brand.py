"""How appendices look: templates/brand.yaml, which both writers follow, or a file like it of one's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path

from graphsvc import headers
from graphsvc.errors import BadFile

TEMPLATES = Path(__file__).parent / "templates"
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Brand:
    """Typefaces, sizes (points), colours (#rrggbb) and margins (millimetres).

    `organisation` stands at the top of every page, and as the author of the file.
    """

    organisation: str
    pdf_font: str
    word_font: str
    text_size: float
    table_size: float
    small_size: float
    ink: str
    quiet: str
    accent: str
    head_fill: str
    group_fill: str
    margin: float


def brand_of(path: Path | None = None) -> Brand:
    """The brand that the file at `path` describes, or the usual one; BadFile names what is wrong in it."""
    path = path or TEMPLATES / "brand.yaml"
    known = {field.name: str(field.type) for field in fields(Brand)}
    try:
        told = headers.document(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(path, f"Mallen kan inte läsas: {error}.", "Utgå från templates/brand.yaml.") from None
    if set(told) != set(known):
        raise BadFile(path, "Mallen har inte de fält den ska.", f"Fälten är {', '.join(known)}.")
    for name, value in told.items():
        if not _fits(known[name], name, value):
            raise BadFile(path, f"{name} är {value!r}.", "Skriv det som i templates/brand.yaml.")
    return Brand(**told)


def _fits(kind: str, name: str, value: object) -> bool:
    if kind == "float":
        return isinstance(value, int | float) and 1 <= value <= 100
    if name in ("ink", "quiet", "accent", "head_fill", "group_fill"):
        return isinstance(value, str) and bool(_COLOUR.fullmatch(value))
    return isinstance(value, str)
