"""What an appendix says: each part agrees with the named questions and cites what it rests on; a proposal is called one."""

from __future__ import annotations

import pytest
from appendix_read import PLAN, consulted, first_column, lines_of, table_under, under

from graphsvc.errors import AmbiguousName, BadFile, UnknownName
from graphsvc.graph import Graph
from graphsvc.namespaces import PREFIXES
from graphsvc.questions.names import choices
from graphsvc.remiss import Order, appendix_of, file_name
from graphsvc.remiss.addresses import address_of, document_at
from graphsvc.remiss.brand import TEMPLATES, brand_of
from graphsvc.remiss.content import Appendix, Banner, Bullets, Figure, Heading, Paragraph, Table, citations, clean
from graphsvc.remiss.involvement import Activity, Duties, Involvement
from graphsvc.remiss.material import material_of
from graphsvc.remiss.responsibilities import MOST_COLUMNS, letters, matrix
from graphsvc.remiss.voice import Voice
from graphsvc.terms import typeset

PROGRAMME = "program för en jämlik stad"
NOT_ASKED = {
    "Business Region Göteborg", "Fastighetsnämnden", "Higab", "Kommunstyrelsen", "Lokalnämnden",
    "Park- och naturnämnden", "Stadsdelsförvaltningarna", "Trafiknämnden", "Utbildningsnämnden", "Älvstranden Utveckling AB",
}  # fmt: skip
PARTLY = {"Fackförvaltningarna", "Kommunala bolag", "Stadsdelsnämnderna"}
INDIRECTLY = {"Boplats Väst"}


@pytest.fixture(scope="module")
def whole(graph: Graph) -> Appendix:
    """The whole appendix to the plan."""
    return appendix_of(graph, Order(PLAN, address="https://data.example.se/"))


def test_there_is_one_section_for_each_consulted_body_in_swedish_order(graph: Graph, whole: Appendix) -> None:
    sections = under(whole, "Vad förslaget innebär för remissinstanserna")
    names = [block.text for block in sections if isinstance(block, Heading)]
    assert names == list(consulted(graph).values())
    assert len(names) == 16


def test_what_the_proposal_means_for_each_body_agrees_with_the_named_question(graph: Graph) -> None:
    material = material_of(graph, PLAN, "sv")
    for iri, name in consulted(graph).items():
        rows = graph.answer("activities-involving-actor", {"actor": iri}).rows
        asked = {
            tuple(
                row.cells[column].term.value if column in row.cells else ""
                for column in ("activity", "role", "via", "through")
            )
            for row in rows
            if row.cells["document"].term == material.document
        }
        mine = {
            (one.measure, PREFIXES["role"] + one.role, PREFIXES["via"] + one.via, one.through)
            for one in material.duties.of(iri)
        }
        assert mine == asked, name


def test_the_section_of_each_body_shows_its_activities_and_no_others(graph: Graph, whole: Appendix) -> None:
    material = material_of(graph, PLAN, "sv")
    for iri, name in consulted(graph).items():
        tables = [block for block in under(whole, name) if isinstance(block, Table)]
        shown = [text for table in tables for text in first_column(table)]
        expected = {
            f"{material.duties.number(one.activity)}. {material.duties.names[one.activity]}"
            for one in material.duties.of(iri)
        }
        assert {typeset(text) for text in expected} == set(shown), name
        assert len(shown) == len(set(shown))


def test_kulturnamnden_is_told_its_roles_with_whom_and_who_is_responsible(whole: Appendix) -> None:
    lead, table = under(whole, "Kulturnämnden")
    assert isinstance(lead, Paragraph) and isinstance(table, Table)
    assert lead.line.text == "Kulturnämnden deltar i tre aktiviteter. Ansvaret ligger hos andra."
    school = next(row for row in table.rows if "Skolan som gemensam arena" in row.cells[0][0].text)
    assert [line.text for line in school.cells[1]] == ["Deltagande"]
    assert school.cells[1][0].sources
    assert school.cells[2][0].text == "Ansvarig: Grundskolenämnden"
    assert "Kulturnämnden" not in school.cells[2][1].text
    assert "Idrotts- och föreningsnämnden" in school.cells[2][1].text


def test_a_body_that_is_involved_through_a_group_is_told_so(whole: Appendix) -> None:
    lead, table = under(whole, "Stadsdelsnämnden Centrum")
    assert isinstance(lead, Paragraph) and isinstance(table, Table)
    assert lead.line.text.endswith("Namnet står inte i texten: det gäller genom gruppen Stadsdelsnämnderna.")
    assert {line.text for row in table.rows for line in row.cells[1]} == {"Deltagande, genom gruppen Stadsdelsnämnderna"}


def test_a_body_that_is_not_named_is_told_so_and_gets_no_table(whole: Appendix) -> None:
    (lead,) = under(whole, "Pensionärsrådet")
    assert isinstance(lead, Paragraph)
    assert lead.line.text.startswith("Förslaget nämner inte Pensionärsrådet i någon aktivitet")


def test_what_another_source_says_against_the_document_is_marked(whole: Appendix) -> None:
    table = table_under(whole, "Förvaltnings AB Framtiden")
    told = [line.text for row in table.rows for line in row.cells[1]]
    assert [text for text in told if "enligt en annan källa" in text] == [
        "I samverkan (enligt en annan källa än dokumentet)"
    ]


def test_the_affected_who_were_not_asked_are_just_these(graph: Graph, whole: Appendix) -> None:
    table = table_under(whole, "Berörda som inte finns på sändlistan")
    shown: dict[str, set[str]] = {}
    for row in table.rows:
        shown.setdefault(row.cells[1][0].text.split(" (")[0], set()).add(row.cells[0][0].text)
    assert shown == {
        "Berörd men inte tillfrågad": NOT_ASKED,
        "Delvis tillfrågad": PARTLY,
        "Indirekt berörd men inte tillfrågad": INDIRECTLY,
    }
    assert not (NOT_ASKED & set(consulted(graph).values()))


def test_the_list_says_in_which_activities_they_are_affected(whole: Appendix) -> None:
    table = table_under(whole, "Berörda som inte finns på sändlistan")
    where = {row.cells[0][0].text: row.cells[2][0].text for row in table.rows}
    assert where["Kommunstyrelsen"] == "Deltagande i 5, i samverkan i 6, 7, 8 och 9"
    assert where["Trafiknämnden"] == "Deltagande i 5"


def test_findings_about_those_not_asked_are_counted_but_not_repeated(graph: Graph, whole: Appendix) -> None:
    findings = graph.answer("findings", {"document": PLAN}).rows
    blocks = under(whole, "Öppna punkter")
    table = next(block for block in blocks if isinstance(block, Table))
    aside = [row for row in findings if row.cells["focus"].text in NOT_ASKED | PARTLY]
    assert len(table.rows) == len(findings) - len(aside)
    assert isinstance(blocks[0], Paragraph)
    assert blocks[0].line.text.startswith(Voice("sv").number(len(aside)).capitalize())


def test_the_matrix_has_the_letters_of_duties_by_actor(graph: Graph, whole: Appendix) -> None:
    material = material_of(graph, PLAN, "sv")
    table = table_under(whole, "Ansvarsmatris")
    shown = {row.cells[0][0].text: [cell[0].text for cell in row.cells[1:]] for row in table.rows if not row.group}
    wanted = {"ansvarig": "A", "deltagande": "D", "i samverkan": "S", "pilotverksamhet": "P"}
    seen = 0
    for row in graph.answer("duties-by-actor", {"document": PLAN}).rows:
        activity = next((one for one in material.duties.activities if one.iri == row.cells["activity"].term.value), None)
        letter = wanted.get(row.cells["role"].text)
        if letter and activity and row.cells["rank"].text == "föredraget":
            seen += 1
            assert letter in shown[row.cells["actor"].text][activity.number - 1].split("\u2009")
    assert seen > 60
    assert shown["Stadsdelsnämnden Centrum"][1:5] == ["(D)"] * 4


def test_a_letter_through_others_stands_in_brackets_only_where_the_own_one_is_missing() -> None:
    own = Involvement("a", "a", "x", "responsible", "direct", "", True)
    lent = [Involvement("a", "a", "x", role, "group", "g", True) for role in ("responsible", "collaborating")]
    aside = Involvement("a", "a", "x", "pilot", "direct", "", False)
    assert letters([own, *lent, aside], "a") == "A\u2009(S)"
    assert letters([own], "b") == ""


def test_a_matrix_too_wide_for_a_page_is_split_with_the_first_column_repeated(graph: Graph) -> None:
    material = material_of(graph, PLAN, "sv")
    names = {f"a{n}": f"Aktivitet {n}" for n in range(40)} | {"x": "Nämnden", "y": "Bolaget"}
    activities = tuple(Activity(n + 1, f"a{n}", f"Aktivitet {n}", "", ()) for n in range(40))
    involved = [Involvement(f"a{n}", f"a{n}", actor, "responsible", "direct", "", True) for n in range(40) for actor in "xy"]
    material.__dict__["duties"] = Duties(activities, tuple(involved), names)
    tables = [block for block in matrix(material) if isinstance(block, Table)]
    assert len(tables) == 3
    assert all(len(table.columns) - 1 <= MOST_COLUMNS for table in tables)
    assert [column.label for table in tables for column in table.columns[1:]] == [str(n) for n in range(1, 41)]
    assert all(first_column(table) == ["Bolaget", "Nämnden"] for table in tables)
    assert tables[1].caption.endswith("blad 2 av 3")


def test_every_activity_of_the_document_is_in_the_table_with_its_responsible(graph: Graph, whole: Appendix) -> None:
    table = table_under(whole, "Aktiviteter, ansvariga och deltagande")
    rows = graph.answer("activities-of-document", {"document": PLAN}).rows
    expected = [f"{number}. {typeset(row.cells['activity'].text)}" for number, row in enumerate(rows, 1)]
    assert first_column(table) == expected
    responsible = [row.cells[1][0].text for row in table.rows if not row.group]
    assert responsible[1] == "Förskolenämnden, Grundskolenämnden"
    assert "Social resursnämnd" in responsible[12]


def test_every_number_cited_leads_to_one_quotation_with_its_heading_and_page(whole: Appendix) -> None:
    quotations = table_under(whole, "Källor och citat")
    targets = [row.target for row in quotations.rows if not row.group]
    cited = {number for block in whole.blocks for line in lines_of(block) for number in line.sources}
    assert sorted(targets) == sorted(cited) == list(range(1, len(targets) + 1))
    assert len(targets) > 90
    row = next(row for row in quotations.rows if not row.group and "Ansvar: grundskolenämnden" in row.cells[3][0].text)
    assert row.cells[2][0].text == "s.\u00a013"
    assert row.cells[1][0].text.startswith("Skolan som gemensam arena")


def test_quotations_are_verbatim(graph: Graph, whole: Appendix) -> None:
    rows = graph.answer("duties-by-actor", {"document": PLAN}).rows
    quotes = {passage.quote for row in rows for passage in row.evidence if row.cells["role"].text != "omnämnd"}
    shown = {row.cells[3][0].text for row in table_under(whole, "Källor och citat").rows if not row.group}
    assert {f"”{clean(quote)}”" for quote in quotes} <= shown


def test_a_proposal_is_called_a_proposal_everywhere(whole: Appendix) -> None:
    assert whole.title.endswith("(förslag)") and whole.head.endswith("(förslag)")
    banner = whole.blocks[0]
    assert isinstance(banner, Banner) and banner.word == "Förslag"
    status = next(row for row in table_under(whole, "Om dokumentet").rows if row.cells[0][0].text == "Status")
    assert status.cells[1][0].text == "Förslag" and status.cells[1][0].sources


def test_an_adopted_document_is_not_called_a_proposal(graph: Graph) -> None:
    appendix = appendix_of(graph, Order(PROGRAMME))
    assert "förslag" not in appendix.title
    assert not any(isinstance(block, Banner) for block in appendix.blocks)


def test_a_document_without_a_referral_says_so_and_has_no_sections_for_bodies(graph: Graph) -> None:
    appendix = appendix_of(graph, Order(PROGRAMME))
    (told,) = under(appendix, "Remissen")
    assert isinstance(told, Paragraph)
    assert told.line.text == "De inlästa dokumenten berättar inte om någon remiss av dokumentet."
    headings = {block.text for block in appendix.blocks if isinstance(block, Heading)}
    assert not any("remissinstanserna" in heading for heading in headings)
    assert "Berörda som inte finns på sändlistan" not in headings


def test_disagreeing_dates_stand_side_by_side_one_of_them_marked(graph: Graph) -> None:
    table = table_under(appendix_of(graph, Order(PROGRAMME)), "Beslut")
    days = {row.cells[2][0].text.replace("\u00a0", " "): row.cells[0][0].text for row in table.rows}
    assert not days["18 januari 2018"].endswith("annan källa)")
    assert days["25 januari 2018"].endswith("(enligt en annan källa)")
    assert "januari 2018" in days


def test_the_referral_and_the_decision_are_told_with_day_paragraph_and_number(whole: Appendix) -> None:
    told = {row.cells[0][0].text: row.cells[1][0].text.replace("\u00a0", " ") for row in table_under(whole, "Remissen").rows}
    assert told["Avsändare"] == "Social resursnämnd"
    assert told["Svar senast"] == "31 mars 2019"
    assert told["Paragraf"] == "§ 285"
    assert told["Diarienummer"] == "0685/18"
    decision = table_under(whole, "Beslut").rows[0]
    assert [line.text.replace("\u00a0", " ") for line in decision.cells[2]] == [
        "Dagen framgår inte",
        "Justerat 19 december 2018",
    ]


def test_related_documents_are_told_with_the_direction(graph: Graph, whole: Appendix) -> None:
    table = table_under(whole, "Samband med andra dokument")
    how = {row.cells[0][0].text: row.cells[1][0].text for row in table.rows}
    assert how["Göteborgs Stads program för en jämlik stad 2018–2026"] == "Förslaget konkretiserar det"
    assert how["Artikel om arbetet med Jämlikt Göteborg (2018)"] == "Det hänvisar till förslaget"
    assert len(table.rows) == len(graph.answer("related-documents", {"document": PLAN}).rows)


def test_what_the_proposal_rests_on_stands_with_the_related_documents(graph: Graph, whole: Appendix) -> None:
    table = [block for block in under(whole, "Samband med andra dokument") if isinstance(block, Table)][1]
    assert table.caption == "Underlag och stöd som förslaget nämner"
    rows = graph.answer("supporting-documents", {"document": PLAN}).rows
    assert first_column(table) == [typeset(row.cells["support"].text) for row in rows]
    assert all(row.cells[0][0].sources and row.cells[1][0].text in ("Rapport", "Stödjande dokument") for row in table.rows)


def test_the_structure_is_drawn_with_caption_and_words(whole: Appendix) -> None:
    figures = [block for block in whole.blocks if isinstance(block, Figure)]
    assert figures
    for figure in figures:
        assert figure.svg.lstrip().startswith(("<svg", "<?xml"))
        assert "förslag" in figure.caption
        assert len(figure.alt) > 100


def test_the_foot_tells_release_command_and_permanent_link(graph: Graph, whole: Appendix) -> None:
    assert whole.release == graph.release.manifest.name
    assert whole.command == 'graphsvc remiss "Göteborgs Stads plan för en jämlik stad 2019-2022" --format pdf'
    assert whole.link == "https://data.example.se/remiss/goteborg/plan-for-en-jamlik-stad-2019-2022.pdf"


def test_the_command_in_the_foot_gives_the_same_appendix(graph: Graph, whole: Appendix) -> None:
    name = whole.command.split('"')[1]
    assert appendix_of(graph, Order(name, address="https://data.example.se/")) == whole


def test_a_misspelt_document_gets_the_nearest_names(graph: Graph) -> None:
    with pytest.raises(UnknownName) as caught:
        appendix_of(graph, Order("plan för en jämnlik stad"))
    assert any("jämlik stad" in label for _, label in caught.value.suggestions)


def test_a_figure_may_show_the_surroundings_of_a_body(graph: Graph) -> None:
    figure = appendix_of(graph, Order(PLAN, part="figure", view="actor-surroundings", body="kulturnämnden"))
    assert [block.caption for block in figure.blocks if isinstance(block, Figure)] == ["Aktörens omgivning: Kulturnämnden"]


def test_in_english_the_words_are_english_and_the_quotations_stay_swedish_and_marked(graph: Graph) -> None:
    appendix = appendix_of(graph, Order(PLAN, language="en"))
    assert appendix.title.endswith("(proposal)")
    headings = [block.text for block in appendix.blocks if isinstance(block, Heading)]
    assert "Affected but not on the list" in headings
    quotations = table_under(appendix, "Sources and quotations")
    assert {row.cells[3][0].language for row in quotations.rows if not row.group} == {"sv"}
    assert "--lang en" in appendix.command and appendix.link.endswith("?lang=en")


def test_every_document_has_an_appendix(graph: Graph) -> None:
    parameter = graph.questions["document-facts"].parameter("document")
    documents = choices(graph.store, graph.content, parameter, "sv")
    assert len(documents) > 20
    for iri, _ in documents:
        appendix = appendix_of(graph, Order(iri))
        assert isinstance(appendix.blocks[-1], Bullets), iri


def test_a_document_is_found_by_its_slug_its_name_or_its_iri(graph: Graph) -> None:
    iri = document_at(graph, "plan-for-en-jamlik-stad-2019-2022")
    assert (
        iri
        == document_at(graph, "goteborg/plan-for-en-jamlik-stad-2019-2022")
        == document_at(graph, PLAN)
        == document_at(graph, iri)
    )
    assert address_of(iri) == "goteborg/plan-for-en-jamlik-stad-2019-2022"
    assert address_of("https://example.se/a b") == "https%3A%2F%2Fexample.se%2Fa%20b"
    with pytest.raises(UnknownName):
        document_at(graph, "plan-for-en-jamlik")
    with pytest.raises((UnknownName, AmbiguousName)):
        document_at(graph, "")


def test_days_numbers_and_pages_are_set_as_the_language_wants() -> None:
    swedish, english = Voice("sv"), Voice("en")
    assert swedish.date("2018-12-19") == "19\u00a0december\u00a02018"
    assert swedish.date("2018-01") == "januari\u00a02018"
    assert [swedish.date(text) for text in ("2018", "2018-13-01", "§ 285")] == ["2018", "2018-13-01", "§ 285"]
    assert english.date("2019-03-01") == "1\u00a0March\u00a02019"
    assert [swedish.number(n) for n in (0, 1, 12, 13)] == ["ingen", "en", "tolv", "13"]
    assert [swedish.number(n, neuter=True) for n in (0, 1, 2)] == ["inget", "ett", "två"]
    assert swedish.listing(["å", "ä", "ö"]) == "å, ä och ö"


def test_citations_in_a_row_are_shown_as_a_range() -> None:
    assert citations((1, 3, 4, 7, 8, 9)) == [("1", 1), ("3", 3), ("4", 4), ("7–9", 7)]
    assert citations(()) == []


def test_what_no_page_can_hold_is_left_out_of_the_text() -> None:
    assert clean("a\x00b\tc\nd\ufffee\ud800f") == "a b c d e f"
    assert clean("a\u030a") == "å"


def test_the_file_is_named_by_document_body_and_format() -> None:
    order = Order("https://example.se/document/plan-å", body="Idrotts- och föreningsnämnden", form="docx")
    assert file_name(order) == "plan-a-idrotts-och-foreningsnamnden.docx"


def test_a_brand_of_ones_own_is_read_and_a_bad_one_is_told(tmp_path: object) -> None:
    from pathlib import Path

    mine = Path(str(tmp_path)) / "mall.yaml"
    usual = (TEMPLATES / "brand.yaml").read_text("utf-8")
    mine.write_text(usual.replace('organisation: ""', "organisation: Göteborgs Stad"), "utf-8")
    assert brand_of(mine).organisation == "Göteborgs Stad"
    for bad in ("{", "text_size: 10", usual.replace('"#1a1a1a"', "svart"), usual.replace("10.5", "stor")):
        mine.write_text(bad, "utf-8")
        with pytest.raises(BadFile):
            brand_of(mine)
    with pytest.raises(BadFile):
        brand_of(mine.with_name("finns-inte.yaml"))
