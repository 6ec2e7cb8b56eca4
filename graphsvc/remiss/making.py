"""From an order to a file: the content, and the writer of the format that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from graphsvc.errors import UnknownFormat
from graphsvc.graph import Graph
from graphsvc.remiss.appendix import Order, appendix_of
from graphsvc.remiss.brand import brand_of
from graphsvc.remiss.content import FORMATS

MEDIA_TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def make(graph: Graph, order: Order, brand: Path | None = None) -> bytes:
    """What `order` asks for, as a file in its format, dressed as the file `brand` says (or as usual).

    UnknownFormat, BadParameter, UnknownName, AmbiguousName, UnknownView, NothingToShow or BadFile (the brand).
    """
    if order.form not in FORMATS:
        raise UnknownFormat(order.form, FORMATS)
    look, appendix = brand_of(brand), appendix_of(graph, order)
    if order.form == "pdf":
        from graphsvc.remiss.pdf import pdf  # the writers are imported where they are needed: they take long

        return pdf(appendix, look)
    from graphsvc.remiss.word import docx

    return docx(appendix, look)
