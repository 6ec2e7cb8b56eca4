"""The pictures: every view of everything it fits, measured in what was drawn; their words, formats, addresses and errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import pytest
from drawn import Area, Seen, contrast, seen

from graphsvc.content import Content
from graphsvc.diagrams import Picture, Sheet, Views, draw, shows
from graphsvc.diagrams import drawing as drawings
from graphsvc.diagrams import scene as scenes
from graphsvc.diagrams.fonts import width
from graphsvc.diagrams.graphviz import LayoutFailed, places, program
from graphsvc.diagrams.style import DASHES, style_of
from graphsvc.diagrams.typography import lines
from graphsvc.errors import AnswerTooLarge, BadParameter, NothingToShow, UnknownFormat, UnknownName, UnknownView
from graphsvc.graph import Graph
from graphsvc.namespaces import BASE
from graphsvc.questions.names import choices
from graphsvc.settings import Settings

ROOT = Path(__file__).parent.parent
STEMS = sorted(path.stem for path in (ROOT / "queries" / "views").glob("*.rq"))
PLAN = "Göteborgs Stads plan för en jämlik stad 2019-2022"
SMALLEST = 8.0
A4_UPRIGHT, A4_ACROSS = (170.0, 247.0), (250.0, 170.0)

Pictures = Callable[[str], list[Picture]]


@pytest.fixture(scope="session")
def pictures(graph: Graph) -> Pictures:
    """Every picture that a view gives, of everything that it fits in the shipped data."""
    drawn: dict[str, list[Picture]] = {}

    def of(view: str) -> list[Picture]:
        if view not in drawn:
            drawn[view] = list(_pictures(graph, view))
        return drawn[view]

    return of


def _pictures(graph: Graph, view: str) -> Iterator[Picture]:
    for iri, _ in choices(graph.store, graph.content, Views(graph.content)[view].about, "sv"):
        try:
            yield draw(graph, view, iri)
        except NothingToShow:
            assert not shows(graph, view, iri)


def _sheets(pictures: list[Picture]) -> Iterator[tuple[str, Sheet, Seen]]:
    for picture in pictures:
        for sheet in picture.sheets:
            yield f"{sheet.title} {sheet.number}/{sheet.of}", sheet, seen(sheet.svg)


@pytest.mark.parametrize("view", STEMS)
def test_no_text_overlaps_another_or_leaves_its_box_or_the_sheet(pictures: Pictures, view: str) -> None:
    for name, _, drawn in _sheets(pictures(view)):
        for one, other in combinations(drawn.texts, 2):
            assert not one.area.overlaps(other.area), (name, one.text, other.text)
        for written in drawn.texts:
            assert drawn.area.holds(written.area), (name, written)
        for area, texts in drawn.boxes:
            assert all(area.holds(written.area) for written in texts), (name, area, texts)
        for (one_area, _), (other_area, _) in combinations(drawn.boxes, 2):
            assert not one_area.overlaps(other_area), name


@pytest.mark.parametrize("view", STEMS)
def test_text_is_at_least_eight_points_on_an_a4_page_and_legible_in_grey(pictures: Pictures, view: str) -> None:
    for name, sheet, drawn in _sheets(pictures(view)):
        limits = A4_UPRIGHT if sheet.width_mm <= A4_UPRIGHT[0] + 0.1 else A4_ACROSS
        assert sheet.width_mm <= limits[0] + 0.1 and sheet.height_mm <= limits[1] + 0.1, name
        scale = sheet.width_mm / 25.4 * 72 / drawn.area.right
        texts = drawn.texts + [written for _, told in drawn.boxes for written in told]
        assert min(written.size for written in texts) * scale >= SMALLEST - 0.001, name
        assert min(contrast(written.colour, written.ground) for written in texts) >= 4.5, name


@pytest.mark.parametrize("view", STEMS)
def test_no_line_runs_through_a_text(pictures: Pictures, view: str) -> None:
    for name, _, drawn in _sheets(pictures(view)):
        for wire in drawn.wires:
            for (x, y), (to_x, to_y) in pairwise(wire):
                if x == to_x or y == to_y:
                    way = Area(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
                    crossed = [text.text for text in drawn.texts if _crosses(way, text.area)]
                    assert not crossed, (name, crossed)


def _crosses(way: Area, text: Area) -> bool:
    across = way.left < text.right - 1 and way.right > text.left + 1
    return across and way.top < text.bottom - 1 and way.bottom > text.top + 1


@pytest.mark.parametrize("view", STEMS)
def test_every_sheet_says_what_it_is_to_one_who_does_not_see_it(pictures: Pictures, view: str) -> None:
    found = pictures(view)
    assert found, "the view fits nothing in the shipped data"
    for picture in found:
        for sheet in picture.sheets:
            root = Xml.fromstring(sheet.svg)
            told = {child.tag.rpartition("}")[2]: child.text for child in root[:2]}
            assert root.attrib["role"] == "img" and root.attrib["aria-labelledby"] == "title desc"
            assert root.attrib["lang"] == "sv"
            assert told == {"title": sheet.title, "desc": sheet.description}
            assert sheet.description.endswith(".") and len(sheet.description) > 60
            assert not re.search(r"\{|\}|https?:|None|\bview:", sheet.description), sheet.description
            assert sheet.table.rows and all(len(row) == len(sheet.table.columns) for row in sheet.table.rows)
            assert all(cell for row in sheet.table.rows for cell in row)


@pytest.mark.parametrize("view", STEMS)
def test_the_description_and_the_table_tell_everything_that_is_drawn(pictures: Pictures, view: str) -> None:
    for name, sheet, drawn in _sheets(pictures(view)):
        cells = " ".join(cell for row in sheet.table.rows for cell in row)
        for _, texts in drawn.boxes:
            first = texts[0].text.removesuffix("-")
            words = first if len(texts) == 1 else first[: max(len(first) - 4, 4)]
            assert words in cells or words in sheet.description, (name, words)


@pytest.mark.parametrize("view", STEMS)
def test_links_lead_to_pages_of_things_that_are_there(pictures: Pictures, graph: Graph, view: str) -> None:
    for name, _, drawn in _sheets(pictures(view)):
        for link in drawn.links:
            parts = urlsplit(link)
            assert f"{parts.scheme}://{parts.netloc}/" == Settings().public_address
            thing = BASE + parts.path.removeprefix("/")
            asked = f"ASK {{ <{thing}> ?property ?value }}"
            assert b"true" in graph.query(asked), (name, link)


def test_a_proposal_is_called_a_proposal_and_drawn_with_dashes(graph: Graph) -> None:
    sheet = draw(graph, "related-documents", PLAN).sheets[0]
    assert "(förslag)" in sheet.title
    assert 'stroke-dasharray="4 2.5"' in sheet.svg
    assert "Förslag" in [text.text for _, texts in seen(sheet.svg).boxes for text in texts]
    english = draw(graph, "related-documents", PLAN, "en").sheets[0]
    assert "(proposal)" in english.title and 'lang="en"' in english.svg
    adopted = draw(graph, "timeline", "program för en jämlik stad").sheets[0]
    assert "förslag" not in adopted.title


def test_line_and_shape_tell_roles_apart_without_colour(content: Content) -> None:
    style = style_of(content)
    roles = ("role:responsible", "role:participating", "role:collaborating", "role:pilot", "role:mentioned")
    told = {(style.strokes[role].dashes, style.strokes[role].width) for role in roles}
    assert len(told) == len(roles)
    assert style.strokes["role:collaborating"].dashes == DASHES["dashed"]
    assert style.strokes["role:mentioned"].dashes == DASHES["dotted"]
    looks = [
        style.looks[name].shape
        for name in ("styr:Document", "styr:Activity", "styr:Actor", "styr:ActorGroup", "styr:Decision")
    ]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("view", STEMS)
def test_english_pictures_are_english_and_fit_as_well(graph: Graph, pictures: Pictures, view: str) -> None:
    largest = max(pictures(view), key=lambda picture: len(picture.description))
    iri = largest.link.partition("about=")[2]
    for name, _, drawn in _sheets([draw(graph, view, iri, "en")]):
        assert not any(one.area.overlaps(other.area) for one, other in combinations(drawn.texts, 2)), name
        assert all(area.holds(written.area) for area, texts in drawn.boxes for written in texts), name
        words = " ".join(written.text for written in drawn.texts)
        assert "Source: Styrgraf, release" in words and "Källa" not in words


def test_every_list_and_box_on_other_sheets_is_told_of(graph: Graph) -> None:
    picture = draw(graph, "document-responsibilities", PLAN)
    assert len(picture.sheets) > 1
    activities = {row[0] for sheet in picture.sheets for row in sheet.table.rows if row[1] == "Ansvarig"}
    answer = graph.answer("duties-by-actor", {"document": PLAN})
    assert answer.rows and len(activities) >= 12
    for sheet in picture.sheets:
        others = {int(number) for text in sheet.left_out for number in re.findall(r"På blad (\d+)", text)}
        assert others == {other.number for other in picture.sheets} - {sheet.number}
        assert f"blad {sheet.number} av {sheet.of}" in sheet.title
        assert f"Det här är blad {sheet.number} av {sheet.of}." in sheet.description


def test_everyone_who_takes_part_is_named_in_the_picture(graph: Graph) -> None:
    picture = draw(graph, "document-responsibilities", PLAN)
    for sheet in picture.sheets:
        drawn = " ".join(text.text for _, texts in seen(sheet.svg).boxes for text in texts)
        assert all(row[2] in drawn for row in sheet.table.rows), "names are drawn as the table has them"
        assert not re.search(r"\d+ aktörer …", drawn)
    assert any(row[2] == "Trafiknämnden" for sheet in picture.sheets for row in sheet.table.rows)


def test_a_list_that_no_page_holds_is_bundled_and_says_whom_it_leaves_out(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "_LEGEND", 380.0)
    picture = draw(graph, "document-responsibilities", PLAN)
    gathered = [text for sheet in picture.sheets for text in sheet.left_out if "14 aktörer (" in text]
    assert len(gathered) == 1
    assert "Trafiknämnden" in gathered[0]
    sheet = next(sheet for sheet in picture.sheets if gathered[0] in sheet.left_out)
    assert any(row[2] == "Trafiknämnden" for row in sheet.table.rows), "the table still tells of each"
    assert "14 aktörer …" in [text.text for _, texts in seen(sheet.svg).boxes for text in texts]


def test_more_than_sheets_can_hold_is_refused(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenes, "MOST_THINGS", 10)
    with pytest.raises(AnswerTooLarge, match="document-responsibilities"):
        draw(graph, "document-responsibilities", PLAN)


def test_the_referral_agrees_with_the_named_questions(graph: Graph) -> None:
    rows = [row for sheet in draw(graph, "referral", PLAN).sheets for row in sheet.table.rows]
    told = {how: {name.partition(" (")[0] for _, role, name in rows if role == how} for how in {role for _, role, _ in rows}}
    found: dict[str, set[str]] = {}
    for row in graph.answer("consulted-and-affected", {"document": PLAN}).rows:
        found.setdefault(row.cells["relation"].text, set()).add(row.cells["actor"].text)
    assert told["Berörd men inte tillfrågad"] == found["berörd men inte tillfrågad"]
    assert told["Indirekt berörd men inte tillfrågad"] == found["indirekt berörd men inte tillfrågad"]
    assert told["Tillfrågad genom sin nämnd"] == found["tillfrågad genom sin nämnd"]
    assert told["Delvis tillfrågad: bara några i gruppen"] == found["delvis tillfrågad"]
    asked = {row.cells["actor"].text for row in graph.answer("who-was-consulted", {"document": PLAN}).rows}
    assert told["Har svarat"] | told["Tillfrågad, inget svar inläst"] == asked


def test_the_typeface_goes_with_the_svg_and_holds_swedish_letters(graph: Graph) -> None:
    svg = draw(graph, "timeline", PLAN).sheets[0].svg
    assert svg.count("@font-face") == 2
    assert "Calibri" in svg
    assert 0 < width("åäö", 9) < width("mmm", 9)


def test_long_words_break_at_their_joints_and_dashes_are_dashes() -> None:
    assert lines("plan 2019-2022, beslut 2018-12-19", 900, 9) == ("plan 2019–2022, beslut 2018-12-19",)
    made = lines("arbetsmarknads- och vuxenutbildningsförvaltningen", 90, 9)
    assert made == ("arbetsmarknads- och", "vuxenutbildnings-", "förvaltningen")
    assert all(width(line, 9) <= 40 for line in lines("Idrotts- och föreningsnämndens sammanträdesprotokoll", 40, 9))
    assert "".join(line.removesuffix("-") for line in lines("x" * 60, 50, 9)) == "x" * 60


def test_errors_name_what_is_wrong_and_the_way_out(graph: Graph) -> None:
    with pytest.raises(UnknownView, match="Menade du referral"):
        draw(graph, "refferal", PLAN)
    with pytest.raises(UnknownName, match="Göteborgs Stads plan för en jämlik stad"):
        draw(graph, "referral", "plan för en jämlk stad")
    with pytest.raises(BadParameter, match="Dokument på remiss"):
        draw(graph, "referral", None)
    with pytest.raises(NothingToShow, match="inte om någon remiss"):
        draw(graph, "referral", "program för en jämlik stad")
    picture = draw(graph, "timeline", PLAN)
    with pytest.raises(UnknownFormat, match="svg, png, pdf"):
        picture.render("gif")
    with pytest.raises(BadParameter, match="ange 1–1"):
        picture.render("svg", sheet=2)


def test_graphviz_tells_when_it_cannot_lay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LayoutFailed, match="kunde inte lägga ut"):
        places("digraph { a -> ")
    program.cache_clear()
    monkeypatch.setenv("STYRGRAF_DOT", "/finns/inte/dot")
    with pytest.raises(LayoutFailed, match="/finns/inte/dot"):
        places("digraph { a }")
    program.cache_clear()
