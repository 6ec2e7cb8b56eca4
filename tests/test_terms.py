"""Terms: how they are written in SPARQL, folded and sorted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.labels import bind
from graphsvc.namespaces import XSD
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Literal, dashed, fold, sort_key, typeset


@pytest.mark.parametrize("bad", ["http://x/ y", "http://x/>", 'http://x/"', "http://x/}", "http://x/\n"])
def test_what_no_iri_may_hold_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Iri(bad).sparql()


@given(st.text(max_size=40).filter(lambda text: "\x00" not in text))
def test_any_literal_survives_the_way_through_a_query(text: str) -> None:
    query = bind("SELECT ?x WHERE { VALUES ?x { UNDEF } }", {"x": [Literal(text)]})
    row = EmbeddedStore.create().select(query).rows[0]
    assert row["x"] == Literal(text)


def test_every_block_of_a_parameter_is_bound_and_no_other() -> None:
    query = 'SELECT * WHERE { VALUES ?a { "x" } { VALUES ?a { "x" } } VALUES ?ab { "y" } }'
    bound = bind(query, {"a": [Literal("1", XSD + "integer")]})
    assert bound.count(f'"1"^^<{XSD}integer>') == 2
    assert 'VALUES ?ab { "y" }' in bound


def test_names_fold_case_spaces_and_dashes() -> None:
    assert fold(" Fo\u0308rvaltnings  AB\nFramtiden ") == "förvaltnings ab framtiden"
    assert fold("2019–2022") == fold("2019-2022")


def test_years_have_a_dash_between_them_and_nothing_else_has() -> None:
    assert typeset("§ 285, dnr 0685/18, s. 14, 2019-2022") == "§\u00a0285, dnr\u00a00685/18, s.\u00a014, 2019–2022"
    for kept in ("2018-12-19", "plan-2019-2022", "/2019-2022/x", "2019-20221", "3412-5678", "0685-2018"):
        assert dashed(kept) == kept


def test_swedish_order_puts_å_ä_ö_last_and_numbers_by_size() -> None:
    names = ["Ö", "Z", "Ä", "Å", "a", "É", "del 10", "del 2"]
    assert sorted(names, key=sort_key) == ["a", "del 2", "del 10", "É", "Z", "Å", "Ä", "Ö"]
