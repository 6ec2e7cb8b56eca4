"""The pieces of WordprocessingML that an appendix needs and python-docx does not write: as text, parsed once a block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls

from graphsvc.remiss.content import Line, Row, Table, citations

_LONG_ROW = 1200
_LOOK = '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
LANGUAGES = {"sv": "sv-SE", "en": "en-GB"}
_LINE = 'w:val="single" w:sz="4" w:space="0" w:color="auto"'
_DENSE = (
    f"<w:tblBorders><w:top {_LINE}/><w:bottom {_LINE}/><w:insideH {_LINE}/>"
    '<w:insideV w:val="single" w:sz="2" w:space="0" w:color="B0B0B0"/></w:tblBorders>',
    '<w:tblCellMar><w:top w:w="10" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="40" w:type="dxa"/></w:tblCellMar>',
)
TABLE_STYLE, TABLE_TEXT, CITATION = "AppendixTable", "TableText", "Citation"


def run(text: str, style: str = "", *, strong: bool = False, language: str = "") -> str:
    """A run of text, in a character style or strong, in a language of its own (sv or en) or that around it."""
    told = (f'<w:rStyle w:val="{style}"/>' if style else "") + ("<w:b/>" if strong else "")
    told += f'<w:lang w:val="{LANGUAGES[language]}"/>' if language else ""
    properties = f"<w:rPr>{told}</w:rPr>" if told else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def field_start(instruction: str) -> str:
    """The beginning of a field whose shown text follows; FIELD_END ends it."""
    code = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    return _mark("begin") + code + _mark("separate")


def field(instruction: str, shown: str) -> str:
    """A field: what computes it, and what is shown until it is computed."""
    return field_start(instruction) + run(shown) + FIELD_END


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


FIELD_END = _mark("end")


def anchor(name: str) -> str:
    """The name of the bookmark of a quotation."""
    return f"source{name}"


def bookmark(name: str, number: int, inner: str) -> str:
    """`inner` as the place that links to `name` lead to; `number` tells bookmarks apart."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'


def leading_to(name: str, inner: str) -> str:
    """`inner` as a link to a bookmark."""
    return f'<w:hyperlink w:anchor="{name}" w:history="1">{inner}</w:hyperlink>'


def line_runs(line: Line, targets: frozenset[int], link: str = "") -> str:
    """The runs of a line: its text (a link to the relation `link` if given) and the numbers that lead to its quotations."""
    text = run(line.text, "Hyperlink" if link else "", strong=line.strong, language=line.language)
    if link:
        text = f'<w:hyperlink r:id="{link}">{text}</w:hyperlink>'
    return text + "".join(_cited(line, targets))


def _cited(line: Line, targets: frozenset[int]) -> Iterable[str]:
    if not line.sources:
        return
    yield run("\u00a0[", CITATION)
    for place, (shown, to) in enumerate(citations(line.sources)):
        if place:
            yield run(", ", CITATION)
        number = run(shown, CITATION)
        yield leading_to(anchor(str(to)), number) if to in targets else number
    yield run("]", CITATION)


def paragraph(inner: str, style: str, *, centred: bool = False, with_next: bool = False, apart: bool = False) -> str:
    """A paragraph of runs in a style; `with_next` keeps it on the page of what follows, `apart` from the table above."""
    told = (
        f'<w:pStyle w:val="{style}"/>'
        + ("<w:keepNext/>" if with_next else "")
        + ('<w:spacing w:before="200"/>' if apart else "")
        + ('<w:jc w:val="center"/>' if centred else "")
    )
    return f"<w:p><w:pPr>{told}</w:pPr>{inner}</w:p>"


def table(content: Table, width: int, targets: frozenset[int], shade: str) -> str:
    """A table `width` (twentieths of a point) wide; its heading repeats on each page, its group rows are `shade`."""
    widths = _widths([column.share for column in content.columns], width)
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    head = "".join(
        _cell(paragraph(run(column.label, strong=True), TABLE_TEXT, centred=column.centred, with_next=True), one)
        for column, one in zip(content.columns, widths, strict=True)
    )
    rows = "".join(_row(row, content, widths, targets, shade) for row in content.rows)
    borders, margins = _DENSE if content.dense else ("", "")
    return (
        f'<w:tbl {nsdecls("w", "r")}><w:tblPr><w:tblStyle w:val="{TABLE_STYLE}"/><w:tblW w:w="{width}" w:type="dxa"/>'
        f'{borders}<w:tblLayout w:type="fixed"/>{margins}{_LOOK}<w:tblCaption w:val={quoteattr(content.caption)}/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
    )


def _widths(shares: Sequence[float], width: int) -> list[int]:
    total = sum(shares)
    widths = [int(width * share / total) for share in shares]
    widths[0] += width - sum(widths)
    return widths


def _row(row: Row, content: Table, widths: Sequence[int], targets: frozenset[int], shade: str) -> str:
    if row.group:
        inner = "".join(paragraph(line_runs(line, targets), TABLE_TEXT, with_next=True) for line in row.cells[0])
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(inner, sum(widths), len(widths), shade)}</w:tr>"
    cells = []
    for place, (cell, width) in enumerate(zip(row.cells, widths, strict=True)):
        runs = [line_runs(line, targets) for line in cell] or [""]
        if row.target and not place:
            runs[0] = bookmark(anchor(str(row.target)), row.target, runs[0])
        inner = "".join(paragraph(one, TABLE_TEXT, centred=content.columns[place].centred) for one in runs)
        cells.append(_cell(inner, width))
    whole = "" if any(sum(len(line.text) for line in cell) > _LONG_ROW for cell in row.cells) else "<w:cantSplit/>"
    return f"<w:tr><w:trPr>{whole}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(inner: str, width: int, span: int = 0, shade: str = "") -> str:
    spanned = f'<w:gridSpan w:val="{span}"/><w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if span else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>{inner}</w:tc>'
