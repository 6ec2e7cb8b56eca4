"""What a public query may not be, and that the same words elsewhere are no reason."""

from __future__ import annotations

import contextlib

import pytest

from graphsvc.errors import BadQuery, QueryRefused
from graphsvc.store.diagnosis import diagnose
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.guard import check, read, unescaped
from graphsvc.store.query_text import declared, form


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service SILENT ?s { ?s ?p ?o } }",
        "SELECT * {#\nSERVICE<http://x/>{} }",
        "SELECT * { ?s ?p '''it's''' . SERVICE <http://x/> {} }",
        "SELECT * { FILTER(1<2) SERVICE <http://x/> {} FILTER(2>1) }",
        # the engine's grammar is not tokenised: it reads each of these as SERVICE
        "SELECT * { SERVICE:x { ?s ?p ?o } }",
        "PREFIX service: <http://x/> SELECT * { service:x { ?s ?p ?o } }",
        "PREFIX ex: <http://x/> SELECT * { SERVICEex:a #\n { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o OPTIONAL {} SERVICESILENT<http://x/>{} }",
        "SELECT * { ?s ?p 1SERVICE<http://x/>{} }",
        "SELECT * { ?s ?p 1.SERVICE<http://x/>{} }",
        "SELECT * { ?s ?p trueSERVICE<http://x/>{} }",
        "SELECT * { ?s ?p ?o.SERVICE<http://x/>{} }",
        "SELECT * { ?s ?p 'x'@en.SERVICE<http://x/>{} }",
        "SELECT * { ?s ?p ?o FILTER(?s<?p)SERVICE#>\n<http://x/>{} }",
        "SELECT * { ?s <http://x/\\u0070#> ?o . SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p ?o #\rSERVICE <http://x/> {}\n}",
        "SELECT * { SERVICE?x{} }",
        # in a name an escaped quotation mark opens no string, and an escaped # no comment
        "SELECT * { ?s ?p ex:a\\' . SERVICE <http://x/> {} #'\n }",
        "SELECT * { ?s ?p ex:a\\# . SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p ?o FILTER('x'<'b>') SERVICE <http://x/> {} #'\n }",
        "SELECT * { <<?s?p'x'>> ?q ?o . SERVICE <http://x/> {} #'\n }",
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
        "PREFIX sd: <http://x/sparql-service-description#> SELECT * { ?s a sd:Service }",
        "PREFIX service: <http://x/> SELECT * { ?s service:x ?o }",
        "SELECT ?service { ?service ?p 'x'@service }",
        "SELECT * { ?s ?p ?o FILTER(STR(?s) != '<a)service#>') }",
    ],
)
def test_the_word_elsewhere_is_no_reason(query: str) -> None:
    check(query)
    EmbeddedStore.create().select(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/> {} }",
        'SELECT * { ?s ?p """SERVICE <http://x/> {} }',
        # of such a long string, which is none, the engine makes an empty one and another
        "SELECT * { ?s ?p ('''') . ?s ?p ex:\\# . SERVICE <http://x/> {} #'''\n }",
        "SELECT * { ?s ?p ('''\\uD800') . SERVICE <http://x/> {} #'''\n }",
    ],
)
def test_a_string_that_is_none_hides_nothing(query: str) -> None:
    with pytest.raises(BadQuery, match="strängen"):
        check(query)


def test_escapes_of_characters_are_read_as_engines_read_them_that_replace_them_first() -> None:
    with pytest.raises(BadQuery):
        EmbeddedStore.create().select("SELECT * { \\u0053ERVICE <http://x/> {} }")  # ours does not
    assert unescaped("ASK { \\u0053ERVICE <http://x/> {} } #\\U0001F600") == "ASK { SERVICE <http://x/> {} } #😀"
    for query in ("\\u005Cu0053ERVICE", "\\uD800", "\\U00110000"):
        with pytest.raises(QueryRefused, match="tecken"):
            unescaped(query)


def test_deep_nesting_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(QueryRefused, match="nivåer"):
        check("SELECT * " + "{" * 3200 + "}" * 3200)
    check("SELECT * { " + "{ ?s ?p ?o } UNION " * 500 + "{} }")


def test_brackets_in_strings_are_not_nesting() -> None:
    check("SELECT * { ?s ?p '" + "(" * 500 + "' }")


def test_a_very_long_query_is_refused() -> None:
    with pytest.raises(QueryRefused, match="längre"):
        check("SELECT * { }" + " " * 300_000)


def test_brackets_that_only_look_so_are_still_cheap() -> None:
    units = (
        '"',
        "<",
        "<)service",
        "service:a ",
        "'''a",
        "@a",
        "?",
        "(?",
        "a:service {",
        '"\\',
        "\\'",
        "'''\\",
        "-",
        "1-",
        "é",
        " ",
    )
    for query in (unit * (190_000 // len(unit)) for unit in units):
        for reads in (lambda q: read(q, 10), lambda q: read(f"# service\n{q}", 10), form, declared):
            with contextlib.suppress(QueryRefused, BadQuery):
                reads(query)
        diagnose(query[:50_000], BadQuery("x", 1, 50_000))


def test_where_a_string_is_left_open_is_told_also_of_a_query_too_long_to_look_through() -> None:
    with pytest.raises(BadQuery) as told:
        check("ASK {\n" + "?s ?p ?o .\n" * 9000 + "  ?s ?p 'a }")
    fault = diagnose("x" * 100_000, told.value)
    assert (fault.line, fault.column) == (9002, 9)


@pytest.mark.parametrize(
    ("query", "limited"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 7\n"),
        ("SELECT * { ?s ?p ?o } LIMIT 7", None),
        ("SELECT * { ?s ?p ?o } limit 8 OFFSET 2", "SELECT * { ?s ?p ?o } limit 7 OFFSET 2"),
        ("SELECT * { ?s ?p ?o } LIMIT " + "9" * 5000, "SELECT * { ?s ?p ?o } LIMIT 7"),
        ("SELECT * { ?s ?p ?o } LIMIT " + "0" * 3000 + "7", None),
        ("SELECT * { ?s ?p ?o } # LIMIT 3", "SELECT * { ?s ?p ?o } # LIMIT 3\nLIMIT 7\n"),
        ("SELECT * { ?s ?p ?o } VALUES ?s { <a> }", "SELECT * { ?s ?p ?o } \nLIMIT 7\nVALUES ?s { <a> }"),
        ("SELECT * { { SELECT * { ?s ?p ?o } LIMIT 3 } }", "SELECT * { { SELECT * { ?s ?p ?o } LIMIT 3 } }\nLIMIT 7\n"),
        ("SELECT (1 AS ?limit) { ?s ?p ?o } HAVING (EXISTS { ?s ?p 2 }) LIMIT 9",
         "SELECT (1 AS ?limit) { ?s ?p ?o } HAVING (EXISTS { ?s ?p 2 }) LIMIT 7"),
        ("SELECT * { ?s ?p ?o", None),
        ("ASK { ?s ?p ?o }", None),
        ("CONSTRUCT WHERE { ?s ?p ?o }", None),
    ],
)  # fmt: skip
def test_a_select_gets_a_bounded_number_of_rows(query: str, limited: str | None) -> None:
    assert read(query, 7).limited == limited


@pytest.mark.parametrize(
    ("query", "kind"),
    [("SELECT*{}", "select"), ("PREFIX ask: <http://x/> DESCRIBE ask:a", "construct"),
     ("# SELECT\nASK{}", "ask"), ("CONSTRUCTWHERE {}", "construct")],
)  # fmt: skip
def test_the_kind_is_read_from_the_form(query: str, kind: str) -> None:
    assert read(query).kind == kind


def test_letters_whose_lower_case_is_longer_move_nothing() -> None:
    assert read("SELECT * { ?s ?p ?İ } LIMIT 9", 7).limited == "SELECT * { ?s ?p ?İ } LIMIT 7"


def test_what_varies_from_time_to_time_is_known() -> None:
    assert all(
        read(f"SELECT ({call} AS ?x) {{}}").varying for call in ("NOW()", "1+rand()", "UUID( )", "StrUUID()", "BNODE()")
    )
    assert not read("SELECT ?now { ?now ex:rand 'NOW()' }").varying


@pytest.mark.parametrize(
    ("query", "limited"),
    [
        ("SELECT * { ?s ?p ?o }\nORDER BY ?o LIMIT 5", False),
        ("SELECT * { ?s ?p ?o } # } LIMIT 5", True),
        ("SELECT * { ?s ?p ?o }\n# }\nLIMIT 5", False),
        ("SELECT * { ?s ?p ?o } ORDER BY ?o # LIMIT 5", True),
        ("SELECT * { ?s ?p ?limit5 } ORDER BY ?limit5", True),
        ("SELECT * { ?s ?p ?o } ORDER BY <limit5>", True),
        ("SELECT * { ?s ?p 'LIMIT 5' }", True),
    ],
)
def test_only_a_real_limit_is_taken_for_one(query: str, limited: bool) -> None:
    assert (read(query, 7).limited is not None) is limited
