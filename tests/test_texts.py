"""Finding quotations in texts: folding, headings, sections, pages."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from graphsvc.texts import Span, Text, nfc, slice_lines, squeeze

RAW = """Bakgrund
Arbetet med jäm-
likhet rör 2019-
2022. Ansvar: Nämnden.
Stöd
Ansvar: Nämnden.
"""


def test_line_breaks_hyphens_and_white_space_are_folded() -> None:
    text = Text(RAW)
    assert len(text.occurrences("jämlikhet rör  2019–2022")) == 1
    span = text.occurrences("jämlikhet")[0]
    assert text.text[span.start : span.end] == "jäm-\nlikhet"


def test_a_quotation_is_looked_for_in_its_own_section() -> None:
    text = Text(RAW)
    assert len(text.occurrences("Ansvar: Nämnden")) == 2
    found = text.locate("Ansvar: Nämnden", "Stöd", ["Bakgrund", "Stöd"])
    assert (found.heading_occurrences, found.occurrences) == (1, 1)
    assert found.span and found.span.start > RAW.index("Stöd")


def test_a_quotation_twice_in_its_section_has_no_position() -> None:
    found = Text(RAW).locate("Ansvar: Nämnden", "Bakgrund", ["Bakgrund"])
    assert (found.occurrences, found.span) == (2, None)


def test_a_heading_fills_its_lines() -> None:
    text = Text("Stöd\nMer om Stöd här\n")
    assert text.headings("Stöd") == [Span(0, 4)]
    assert text.locate("Mer", "om", ["om"]).heading_occurrences == 0


def test_a_passage_without_a_heading_stands_before_the_first() -> None:
    text = Text("Inledning om Ansvar\nStöd\nAnsvar\n")
    assert text.locate("Ansvar", None, ["Stöd"]).occurrences == 1


def test_only_whole_words_count() -> None:
    assert Text("nämndens arbete").occurrences("nämnd") == []
    assert len(Text("nämnd, arbete").occurrences("nämnd")) == 1


def test_pages_begin_on_the_lines_given() -> None:
    text = Text("ett\ntvå\ntre\n", pages=[(0, 7), (2, 8)])
    assert [text.page(text.text.index(word)) for word in ("ett", "två", "tre")] == [7, 7, 8]
    assert Text("ett").page(0) is None


def test_decomposed_letters_are_composed() -> None:
    assert len(Text(unicodedata.normalize("NFD", "målområde")).occurrences("målområde")) == 1


def test_slices_count_lines_from_one() -> None:
    assert slice_lines("a\nb\nc\n", 2, 3) == "b\nc\n"


@given(st.text(alphabet="abcåäö -–\n\u00ad", max_size=60))
def test_squeezing_is_stable_and_forgets_white_space(text: str) -> None:
    assert squeeze(squeeze(text)) == squeeze(text)
    assert squeeze(text) == squeeze(text.replace(" ", "\n"))


@given(st.lists(st.sampled_from(["nämnd", "ansvar", "för", "å", "2019"]), min_size=1, max_size=8), st.integers(0, 7))
def test_every_word_of_a_text_is_found_where_it_stands(words: list[str], at: int) -> None:
    text = Text("\n".join(words))
    word = words[at % len(words)]
    spans = text.occurrences(word)
    assert len(spans) == words.count(word)
    assert all(text.text[span.start : span.end] == nfc(word) for span in spans)
