"""Parts of an appendix that are made alone: the sheet for one body, the compilation of answers, a figure."""

from __future__ import annotations

import pytest
from appendix_read import PLAN, consulted, first_column, lines_of, table_under, under

from graphsvc.errors import AmbiguousName, BadParameter, UnknownFormat, UnknownName, UnknownView
from graphsvc.graph import Graph
from graphsvc.remiss import Order, appendix_of, make
from graphsvc.remiss import appendix as appendix_module
from graphsvc.remiss.content import Bullets, Figure, Paragraph
from graphsvc.remiss.material import material_of


def test_the_sheet_for_one_body_says_who_asks_by_when_and_what_it_means(graph: Graph) -> None:
    sheet = appendix_of(graph, Order(PLAN, body="kulturnämnden", address="https://data.example.se/"))
    assert sheet.title == "Vad förslaget innebär för Kulturnämnden"
    assert sheet.subtitle.endswith("(förslag)")
    texts = [block.line.text.replace("\u00a0", " ") for block in sheet.blocks if isinstance(block, Paragraph)]
    assert "Svar senast: 31 mars 2019." in texts[0] and "är remissinstans" in texts[0]
    assert texts[1].startswith("Kulturnämnden deltar i tre aktiviteter")
    assert sheet.link.endswith(".pdf?for=Kulturn%C3%A4mnden")
    assert sheet.command.endswith("--for Kulturnämnden --format pdf")
    cited = {number for block in sheet.blocks for line in lines_of(block) for number in line.sources}
    assert 3 <= len(cited) < 12


def test_the_sheet_for_one_who_was_not_asked_says_so(graph: Graph) -> None:
    sheet = appendix_of(graph, Order(PLAN, body="Trafiknämnden"))
    text = next(block.line.text for block in sheet.blocks if isinstance(block, Paragraph))
    assert text.startswith("Trafiknämnden finns inte på sändlistan")
    points = next(block for block in under(sheet, "Öppna punkter") if isinstance(block, Bullets))
    assert any("fick inte dokumentet på remiss" in line.text for line in points.lines)


def test_a_name_that_several_cities_have_means_the_one_of_the_document(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = next(iri for iri, name in consulted(graph).items() if name == "Kulturnämnden")
    material = material_of(graph, PLAN, "sv")
    candidates = [("https://example.se/annan/kulturnamnden", "Kulturnämnden"), (mine, "Kulturnämnden")]

    def ambiguous(*given: object) -> None:
        raise AmbiguousName("actor", "Kulturnämnden", candidates)

    monkeypatch.setattr(Graph, "resolve", ambiguous)
    assert appendix_module._body(material, "kulturnämnden") == mine, "its own name in the document"
    assert appendix_module._body(material, "kulturen") == mine, "another name, which only one of the document's has"
    candidates.append(next((iri, name) for iri, name in consulted(graph).items() if iri != mine))
    with pytest.raises(AmbiguousName):
        appendix_module._body(material, "kulturen")


def test_a_misspelt_body_gets_the_nearest_names(graph: Graph) -> None:
    with pytest.raises(UnknownName) as caught:
        appendix_of(graph, Order(PLAN, body="Kulturnämden"))
    assert "Kulturnämnden" in [label for _, label in caught.value.suggestions]


def test_the_compilation_tells_who_answered_how_and_who_has_not(graph: Graph) -> None:
    compiled = appendix_of(graph, Order(PLAN, part="answers"))
    answered = table_under(compiled, "Vilka som har svarat")
    assert [[cell[0].text for cell in row.cells] for row in answered.rows] == [
        [
            "Göteborgs Stadshus AB",
            "Tillstyrker med synpunkter",
            "Göteborgs Stadshus AB:s yttrande över planförslaget",
            "Förslag",
        ]
    ]
    silent = next(block for block in under(compiled, "Utan inläst svar") if isinstance(block, Bullets))
    assert {line.text for line in silent.lines} == set(consulted(graph).values()) - {"Göteborgs Stadshus AB"}


def test_each_point_of_criticism_stands_once_with_its_quotation(graph: Graph) -> None:
    table = table_under(appendix_of(graph, Order(PLAN, part="answers")), "Synpunkter")
    points = [line for row in table.rows for line in row.cells[1] if line.strong]
    rows = graph.answer("criticism", {"document": PLAN}).rows
    assert sorted(line.text for line in points) == sorted({row.cells["criticism"].text for row in rows})
    assert all(line.sources for line in points)
    assert [column.label for column in table.columns] == ["Gäller", "Göteborgs Stadshus AB"]


def test_the_proposed_structure_stands_beside_the_own_one(graph: Graph) -> None:
    table = table_under(appendix_of(graph, Order(PLAN, part="answers")), "Förslag till annan indelning")
    assert len(first_column(table)) == len(graph.answer("dropped-moved-unplaced", {"document": PLAN}).rows)
    fates = {row.cells[0][0].text: row.cells[2][0].text for row in table.rows if not row.group}
    assert fates["Stöd"] == "Utgår"
    assert (
        fates["Integrera jämlikhet i planering, genomförande och uppföljning i verksamheterna"]
        == "Varken placerad eller struken"
    )
    assert "förslag" in table.rows[0].cells[0][0].text


def test_a_figure_stands_alone_with_its_caption(graph: Graph) -> None:
    figure = appendix_of(graph, Order(PLAN, part="figure", view="document-responsibilities"))
    assert figure.blocks and all(isinstance(block, Figure) for block in figure.blocks)
    assert not figure.front and not figure.contents


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (Order(PLAN, part="allt"), BadParameter),
        (Order(PLAN, part="figure"), BadParameter),
        (Order(PLAN, view="document-structure"), BadParameter),
        (Order(PLAN, part="answers", body="Kulturnämnden"), BadParameter),
        (Order(PLAN, part="figure", view="ingen-sådan"), UnknownView),
        (Order(PLAN, part="figure", view="actor-surroundings"), BadParameter),
        (Order(PLAN, part="figure", view="responsibility-chain"), BadParameter),
        (Order(PLAN, part="figure", view="referral", body="Kulturnämnden"), BadParameter),
        (Order(PLAN, form="odt"), UnknownFormat),
        (Order("x" * 301), BadParameter),
        (Order(PLAN, body="x" * 301), BadParameter),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_way_out(graph: Graph, order: Order, error: type[Exception]) -> None:
    with pytest.raises(error):
        make(graph, order)
