"""The figures of an appendix: the views of the graph drawn as pictures, each with its caption and its account in words."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.errors import BadParameter, NothingToShow
from graphsvc.namespaces import STYR
from graphsvc.remiss.content import Block, Figure, Heading
from graphsvc.remiss.material import Material
from graphsvc.terms import typeset

STRUCTURE = "document-structure"


def structure(material: Material) -> Iterator[Block]:
    """The document's structure, where it has one to show."""
    try:
        found = list(figure(material, STRUCTURE))
    except NothingToShow:
        return
    yield Heading(1, material.voice.say("Dokumentets uppbyggnad", "The structure of the document"))
    yield from found


def figure(material: Material, view: str, body: str = "") -> Iterator[Block]:
    """The sheets of the view `view` about the document, or about `body` (IRI) if given; UnknownView, NothingToShow, or
    BadParameter where the view shows another kind of thing."""
    from graphsvc.diagrams import Views, draw  # the drawing is imported where there is something to draw

    about = Views(material.graph.content)[view].about
    if about.of not in (STYR + "Document", STYR + "Actor"):
        way = f"graphsvc diagram {view} --about …"
        raise BadParameter(
            "view",
            f"{view} visar {about.label['sv'].lower()}, inte ett dokument. Rita den för sig: {way}",
            f"{view} shows {about.label['en'].lower()}, not a document. Draw it by itself: {way}",
        )
    if (about.of == STYR + "Actor") != bool(body):
        if body:
            raise BadParameter("for", f"{view} visar ett dokument.", f"{view} shows a document.")
        raise BadParameter(
            "for", f"saknas: {view} visar en aktör, ange vilken.", f"is missing: {view} shows an actor, say which."
        )
    picture = draw(material.graph, view, body or material.document.value, material.language, address=material.address)
    for number, sheet in enumerate(picture.sheets, 1):

        def png(number: int = number) -> bytes:
            return picture.render("png", sheet=number)

        yield Figure(typeset(sheet.title), sheet.description, sheet.svg, png, sheet.width_mm, sheet.height_mm)
