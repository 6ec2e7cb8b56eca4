"""The figures of an appendix: the views of the graph drawn as pictures, each with its caption and its account in words."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.errors import NothingToShow
from graphsvc.remiss.content import Block, Figure, Heading
from graphsvc.remiss.material import Material
from graphsvc.remiss.voice import set_text

STRUCTURE = "document-structure"


def structure(material: Material) -> Iterator[Block]:
    """The document's structure, where it has one to show."""
    try:
        found = list(figure(material, STRUCTURE))
    except NothingToShow:
        return
    yield Heading(1, material.voice.say("Dokumentets uppbyggnad", "The structure of the document"))
    yield from found


def figure(material: Material, view: str) -> Iterator[Block]:
    """The sheets of the view `view` about the document; UnknownView or NothingToShow."""
    from graphsvc.diagrams import draw  # the drawing is imported where there is something to draw

    picture = draw(material.graph, view, material.document.value, material.language, address=material.address)
    for number, sheet in enumerate(picture.sheets, 1):

        def png(number: int = number) -> bytes:
            return picture.render("png", sheet=number)

        yield Figure(set_text(sheet.title), sheet.description, sheet.svg, png, sheet.width_mm, sheet.height_mm)
