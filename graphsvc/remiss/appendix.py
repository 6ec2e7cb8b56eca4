"""The appendices: a whole one, the sheet for one body, one figure, and the compilation of answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from urllib.parse import urlencode

from graphsvc.errors import AmbiguousName, BadParameter
from graphsvc.graph import Graph
from graphsvc.labels import labels_of
from graphsvc.remiss import answers, bodies, closing, coverage, figures, opening, responsibilities
from graphsvc.remiss.addresses import address_of
from graphsvc.remiss.content import Appendix, Block, Heading
from graphsvc.remiss.material import Material, material_of
from graphsvc.terms import fold, typeset

PARTS = ("appendix", "figure", "answers")


@dataclass(frozen=True)
class Order:
    """What is ordered: of which document (name or IRI), which part of PARTS, and in which language.

    `body` (name or IRI) makes it the sheet for one body; `view` is the view that the part figure shows.
    `address` is the service's public address, ending in /, for the permanent link; `form` the format that the link gives.
    """

    document: str
    part: str = "appendix"
    body: str = ""
    view: str = ""
    language: str = "sv"
    address: str = ""
    form: str = "pdf"


def appendix_of(graph: Graph, order: Order) -> Appendix:
    """The appendix that `order` asks for; UnknownName, AmbiguousName, BadParameter, UnknownView or NothingToShow."""
    _check(order)
    material = material_of(graph, order.document, order.language, order.address)
    if order.part == "figure":
        return _figure(material, order)
    if order.body:
        return _for_body(material, order)
    if order.part == "answers":
        return _answers(material, order)
    return _whole(material, order)


def _check(order: Order) -> None:
    if order.part not in PARTS:
        choices = ", ".join(PARTS)
        raise BadParameter(
            "part",
            f"”{order.part}” finns inte. Välj bland {choices}.",
            f"there is no “{order.part}”. Choose among {choices}.",
        )
    if order.part == "figure" and not order.view:
        raise BadParameter(
            "view",
            "saknas: vilken vy ska figuren visa? Alla vyer: graphsvc views.",
            "is missing: which view is the figure to show? All views: graphsvc views.",
        )
    if order.view and order.part != "figure":
        raise BadParameter("view", "hör till part=figure.", "goes with part=figure.")
    if order.body and order.part == "answers":
        raise BadParameter("for", "kan inte förenas med part=answers.", "does not go with part=answers.")


def _whole(material: Material, order: Order) -> Appendix:
    say = material.voice.say
    blocks: Iterable[Iterable[Block]] = (
        opening.banner(material),
        coverage.in_brief(material),
        opening.about(material),
        opening.decisions(material),
        opening.referral(material),
        figures.structure(material),
        responsibilities.activities(material),
        responsibilities.matrix(material),
        closing.related(material),
        bodies.bodies(material),
        coverage.not_asked(material),
        closing.open_points(material),
        closing.sources(material),
    )
    subtitle = say("Bilaga: ansvar, deltagande och remiss", "Appendix: responsibilities, participation and referral")
    return _made(material, order, material.title, subtitle, blocks)


def _for_body(material: Material, order: Order) -> Appendix:
    iri = _body(material, order.body)
    name = labels_of(material.graph.store, material.graph.content, [iri], material.language).get(iri, order.body)
    order = replace(order, body=name)  # the link and the command name it as the graph does
    say, noun = material.voice.say, material.noun()
    title = say(f"Vad {noun} innebär för {name}", f"What {noun} means for {name}")
    asked = {one for one, _, _ in opening.consulted(material)}
    blocks: Iterable[Iterable[Block]] = (
        opening.banner(material),
        opening.call(material, name, iri in asked),
        bodies.body(material, iri, name),
        closing.points_about(material, iri),
        closing.sources(material),
    )
    return _made(material, order, title, material.title, blocks, contents=False)


def _body(material: Material, text: str) -> str:
    """The IRI of the actor that `text` names; where other cities have one too, the one that the document has to do with."""
    mine = {iri: name for iri, name, _ in opening.consulted(material)}
    mine |= {one.actor: material.duties.names[one.actor] for one in material.duties.involvements}
    called = [iri for iri, name in mine.items() if fold(name) == fold(text)]
    if len(called) == 1:
        return called[0]
    parameter = material.graph.questions["duties-by-actor"].parameter("actor")
    try:
        return material.graph.resolve(parameter, text, material.language).value
    except AmbiguousName as ambiguous:
        fitting = [iri for iri, _ in ambiguous.candidates if iri in mine]
        if len(fitting) != 1:
            raise
        return fitting[0]


def _figure(material: Material, order: Order) -> Appendix:
    body = _body(material, order.body) if order.body else ""
    blocks = [figures.figure(material, order.view, body)]
    return replace(_made(material, order, material.title, "", blocks, contents=False), front=False)


def _answers(material: Material, order: Order) -> Appendix:
    say = material.voice.say
    blocks: Iterable[Iterable[Block]] = (
        opening.banner(material),
        answers.overview(material),
        answers.respondents(material),
        answers.criticism(material),
        answers.proposals(material),
        answers.assessments(material),
        answers.silent(material),
        closing.sources(material),
    )
    title = say("Remissammanställning", "Compilation of the answers")
    return _made(material, order, title, material.title, blocks, contents=False)


def _made(material: Material, order: Order, title: str, subtitle: str, parts: Iterable[Iterable[Block]],
          *, contents: bool = True) -> Appendix:  # fmt: skip
    command, link = _command(material, order), link_of(material.document.value, order)
    blocks = tuple(chain.from_iterable(parts))
    if order.part != "figure":
        blocks += tuple(closing.colophon(material, command, link))
    manifest = material.graph.release.manifest
    headings = sum(isinstance(block, Heading) and block.level == 1 for block in blocks)
    return Appendix(
        title=typeset(title),
        subtitle=typeset(subtitle),
        head=material.title,
        language=material.language,
        release=manifest.name,
        created=manifest.created,
        command=command,
        link=link,
        blocks=blocks,
        contents=contents and headings > 3,
    )


def _given(order: Order) -> Mapping[str, str]:
    """What the order says beyond the document and the format, by the names that addresses and commands give it."""
    told = {"for": order.body, "part": order.part if order.part != "appendix" else "", "view": order.view,
            "lang": order.language if order.language != "sv" else ""}  # fmt: skip
    return {name: value for name, value in told.items() if value}


def link_of(document: str, order: Order) -> str:
    """The permanent link to what is ordered of `document` (IRI)."""
    query = urlencode(_given(order))
    return f"{order.address}remiss/{address_of(document)}.{order.form}" + (f"?{query}" if query else "")


def _command(material: Material, order: Order) -> str:
    options = "".join(f" --{name} {_shell(value)}" for name, value in _given(order).items())
    return f"graphsvc remiss {_shell(material.name)}{options} --format {order.form}"


def _shell(text: str) -> str:
    return text if re.fullmatch(r"[\w-]+", text) else f'"{text}"'


def slug_of(document: str) -> str:
    """The last part of a document's IRI, which addresses name it by."""
    return document.rstrip("/").rsplit("/", 1)[-1]


def file_name(order: Order) -> str:
    """What the file of an order is called: the document, the part or the body, and the format."""
    parts = [slug_of(order.document), order.body, order.part if order.part != "appendix" else "", order.view]
    return "-".join(filter(None, map(_plain, parts))) + f".{order.form}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in letters if not unicodedata.combining(c))).strip("-")
