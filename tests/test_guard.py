"""What a public query may not be, and that the same words elsewhere are no reason."""

from __future__ import annotations

import pytest

from graphsvc.errors import QueryRefused
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.guard import check


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service SILENT ?s { ?s ?p ?o } }",
        "SELECT * {#\nSERVICE<http://x/>{} }",
        "SELECT * { ?s ?p '''it's''' . SERVICE <http://x/> {} }",
        "SELECT * { FILTER(1<2) SERVICE <http://x/> {} FILTER(2>1) }",
    ],
)
def test_service_is_refused(query: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE"):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s ?p 'a # SERVICE' } # SERVICE",
        "SELECT * { <http://x/SERVICE> ?p ?service }",
        "PREFIX ex: <http://x/> SELECT * { ex:service ?p ex:service-x }",
    ],
)
def test_the_word_elsewhere_is_no_reason(query: str) -> None:
    check(query)
    EmbeddedStore.create().select(query)


def test_deep_nesting_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(QueryRefused, match="nivåer"):
        check("SELECT * " + "{" * 3200 + "}" * 3200)
    check("SELECT * { " + "{ ?s ?p ?o } UNION " * 500 + "{} }")


def test_brackets_in_strings_are_not_nesting() -> None:
    check("SELECT * { ?s ?p '" + "(" * 500 + "' }")


def test_a_very_long_query_is_refused() -> None:
    with pytest.raises(QueryRefused, match="längre"):
        check("SELECT * { }" + " " * 300_000)
