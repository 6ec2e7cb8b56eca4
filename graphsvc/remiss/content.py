"""What an appendix says, as plain values that each writer renders alike: headings, paragraphs, tables, figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

FORMATS = ("docx", "pdf")
WIDEST_UPRIGHT = 172.0
_NOT_IN_XML = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """`text` in NFC, without the control characters that neither XML nor a page can hold, on one line."""
    return re.sub(" {2,}", " ", _NOT_IN_XML.sub(" ", unicodedata.normalize("NFC", text))).strip(" ")


def _clean(made: object, *names: str) -> None:
    """Clean the texts `names` of a value that was just made: nothing else ever reaches a writer."""
    for name in names:
        object.__setattr__(made, name, clean(getattr(made, name)))


@dataclass(frozen=True)
class Line:
    """A line of running text: the text, the numbers of the quotations that it rests on, and how it stands out.

    `link` is the address it leads to (or empty); `language` is its own (sv or en) where that is not the one around it.
    """

    text: str
    sources: tuple[int, ...] = ()
    strong: bool = False
    link: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        _clean(self, "text")


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    text: str

    def __post_init__(self) -> None:
        _clean(self, "text")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: `kind` is body, lead (what to read first) or note (small)."""

    line: Line
    kind: str = "body"


@dataclass(frozen=True)
class Bullets:
    """A list of short lines."""

    lines: tuple[Line, ...]


Cell = tuple[Line, ...]


def citations(sources: tuple[int, ...]) -> list[tuple[str, int]]:
    """How numbers in rising order are shown, three or more in a row as a range, and which of them each leads to."""
    runs: list[list[int]] = []
    for number in sources:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = []
    for run in runs:
        shown += [(f"{run[0]}–{run[-1]}", run[0])] if len(run) > 2 else [(str(number), number) for number in run]
    return shown


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the width, and whether its cells are centred."""

    label: str
    share: float = 1.0
    centred: bool = False

    def __post_init__(self) -> None:
        _clean(self, "label")


@dataclass(frozen=True)
class Row:
    """A row of cells; a `group` row has one cell, which heads the rows under it.

    `target` is the number of the quotation that the row holds, or 0.
    """

    cells: tuple[Cell, ...]
    group: bool = False
    target: int = 0


@dataclass(frozen=True)
class Table:
    """A table under its caption; the first row of it repeats on each page, the first cell of each row heads the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        _clean(self, "caption")

    @property
    def dense(self) -> bool:
        """Whether it is a matrix, to be set tight and with lines between the columns."""
        return any(column.centred for column in self.columns)


@dataclass(frozen=True)
class Figure:
    """A picture of `width_mm` × `height_mm` under its caption, with what it shows in words.

    `png` makes the same picture as PNG, for programs that cannot show SVG. The picture itself says what it leaves out.
    """

    caption: str
    alt: str
    svg: str
    png: Callable[[], bytes] = field(repr=False, compare=False)
    width_mm: float
    height_mm: float

    def __post_init__(self) -> None:
        _clean(self, "caption", "alt")

    @property
    def wide(self) -> bool:
        """Whether it needs a page on its side."""
        return self.width_mm > WIDEST_UPRIGHT


@dataclass(frozen=True)
class Banner:
    """A frame that stands out, not by colour alone: its word, and what it means."""

    word: str
    text: str

    def __post_init__(self) -> None:
        _clean(self, "word", "text")


Block = Heading | Paragraph | Bullets | Table | Figure | Banner


@dataclass(frozen=True)
class Appendix:
    """A whole appendix.

    `title` and `subtitle` stand on the first page, `head` (short) at the top of every page; `release`, `created` (an ISO
    time), `command` and `link` at the foot of every page. `contents` says whether there is a table of contents, `front`
    whether the title stands on the first page at all.
    """

    title: str
    subtitle: str
    head: str
    language: str
    release: str
    created: str
    command: str
    link: str
    blocks: tuple[Block, ...]
    contents: bool = True
    front: bool = True

    def __post_init__(self) -> None:
        _clean(self, "title", "subtitle", "head", "command", "link")
