"""A picture: its sheets, what they show in words and as a table, and the formats they come in."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphsvc.diagrams import interchange
from graphsvc.diagrams.interchange import Drawing
from graphsvc.errors import BadParameter, UnknownFormat

FORMATS = ("svg", "png", "pdf", "dot", "mmd", "drawio")
MEDIA_TYPES = {
    "svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "dot": "text/vnd.graphviz; charset=utf-8",
    "mmd": "text/plain; charset=utf-8", "drawio": "application/vnd.jgraph.mxfile",
}  # fmt: skip
_ALIASES = {"mermaid": "mmd", "gv": "dot"}


def format_named(name: str) -> str:
    """The format that `name` means; UnknownFormat if there is none."""
    found = _ALIASES.get(name.lower(), name.lower())
    if found not in FORMATS:
        raise UnknownFormat(name, FORMATS)
    return found


@dataclass(frozen=True)
class Table:
    """What a sheet shows, as a table: the headings, and rows of as many texts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a picture, `number` of `of`, as SVG of `width_mm` × `height_mm`, drawn to be shown in that size.

    `description` tells in prose what the sheet shows; `left_out` what it does not, and where that is; `table` holds the
    same as the drawing, and `drawing` is what it was written from.
    """

    number: int
    of: int
    title: str
    description: str
    left_out: tuple[str, ...]
    table: Table
    svg: str
    width_mm: float
    height_mm: float
    drawing: Drawing = field(repr=False)


@dataclass(frozen=True)
class Picture:
    """What the view `view` shows of a thing, on one or more sheets.

    `description` tells all sheets in prose, `link` is the address where the picture is, `release` what it was drawn from.
    """

    view: str
    title: str
    description: str
    link: str
    release: str
    language: str
    sheets: tuple[Sheet, ...]

    def sheet(self, number: int) -> Sheet:
        """The sheet `number`, counted from 1; BadParameter if there is none."""
        if not 1 <= number <= len(self.sheets):
            most = len(self.sheets)
            raise BadParameter("sheet", f"bilden har {most} blad; ange 1–{most}.", f"the picture has {most}; give 1–{most}.")
        return self.sheets[number - 1]

    def render(self, format: str, sheet: int = 1) -> bytes:
        """One sheet as svg, png, pdf, dot, mmd or drawio; UnknownFormat or BadParameter where there is no such thing."""
        chosen = self.sheet(sheet)
        name = format_named(format)
        writers = {"dot": interchange.dot, "mmd": interchange.mermaid, "drawio": interchange.drawio}
        if name == "svg":
            return chosen.svg.encode()
        if name in writers:
            return writers[name](chosen.drawing).encode()
        from graphsvc.diagrams.printing import printed

        return printed(chosen, self.language, name)
