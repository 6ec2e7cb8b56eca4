"""The queries that benchmarks/service.py sends: small unique ones, a repeated mix, heavy ones, and ones that never end."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from graphsvc.namespaces import PREFIXES

_PROLOGUE = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("styr", "role", "rank", "rdf", "rdfs", "dcterms", "oa", "org", "xsd")
)
THINGS = _PROLOGUE + "SELECT DISTINCT ?thing WHERE { ?thing styr:evidence ?evidence } ORDER BY ?thing"
_SMALL = (
    """SELECT ?property ?value ?label WHERE {{ <{thing}> ?property ?value . OPTIONAL {{ ?value rdfs:label ?label }} }}""",
    """SELECT ?label ?document ?title ?status WHERE {{ <{thing}> rdfs:label ?label . OPTIONAL {{ <{thing}>
    styr:document ?document . ?document dcterms:title ?title . OPTIONAL {{ ?document styr:status ?status }} }} }}""",
    """SELECT ?heading ?quote ?start ?source WHERE {{ <{thing}> styr:evidence ?e . ?e styr:heading ?heading ;
    oa:hasSource ?source ; oa:hasSelector ?s . ?s oa:exact ?quote . OPTIONAL {{ ?e oa:hasSelector ?p . ?p oa:start
    ?start }} }}""",
    """SELECT ?actor ?name ?role ?via WHERE {{ ?i styr:activity <{thing}> ; a styr:Involvement ; styr:actor ?actor ;
    styr:role ?role ; styr:via ?via . ?actor rdfs:label ?name }}""",
    """SELECT ?other ?property ?label WHERE {{ ?other ?property <{thing}> . OPTIONAL {{ ?other rdfs:label ?label }} }}
    LIMIT 50""",
    """SELECT ?part ?title ?evidence WHERE {{ <{thing}> dcterms:isPartOf ?whole . ?part dcterms:isPartOf ?whole ;
    dcterms:title ?title . OPTIONAL {{ ?part styr:evidence ?evidence }} }}""",
)
_MIX = (
    """SELECT ?actor ?name WHERE { ?activity styr:responsible ?actor . ?actor rdfs:label ?name } ORDER BY ?name LIMIT
    50""",
    """SELECT ?activity ?title WHERE { ?activity a styr:Activity ; dcterms:title ?title } LIMIT 40""",
    """SELECT ?actor ?role ?rank WHERE { ?p a styr:Participation ; styr:actor ?actor ; styr:role ?role ; styr:rank
    ?rank } LIMIT 100""",
    """SELECT ?document ?status WHERE { ?document a styr:Document ; styr:status ?status }""",
    """SELECT ?area ?title WHERE { ?area a styr:TargetArea ; dcterms:title ?title }""",
    """ASK { ?claim a styr:Claim ; styr:negated true }""",
)
_HEAVY = (
    """SELECT ?actor (COUNT(DISTINCT ?activity) AS ?n) WHERE {{ ?p a styr:Participation ; styr:actor ?actor ;
    styr:activity ?activity }} GROUP BY ?actor ORDER BY DESC(?n) ?actor LIMIT {limit}""",
    """SELECT ?one ?other (COUNT(DISTINCT ?activity) AS ?n) WHERE {{ ?p a styr:Participation ; styr:activity ?activity
    ; styr:actor ?one . ?q a styr:Participation ; styr:activity ?activity ; styr:actor ?other . FILTER(STR(?one) <
    STR(?other)) }} GROUP BY ?one ?other ORDER BY DESC(?n) ?one ?other LIMIT {limit}""",
    """SELECT ?property (COUNT(*) AS ?n) (COUNT(DISTINCT ?thing) AS ?things) WHERE {{ ?thing ?property ?value }} GROUP
    BY ?property ORDER BY DESC(?n) ?property LIMIT {limit}""",
    """SELECT ?quote WHERE {{ ?s oa:exact ?quote . FILTER(REGEX(?quote, "(nämnd|styrelse).*(samverka|ansvar)", "i")) }}
    ORDER BY ?quote LIMIT {limit}""",
    """SELECT ?whole (COUNT(?part) AS ?n) WHERE {{ ?whole a styr:Document ; dcterms:hasPart+ ?part }} GROUP BY ?whole
    ORDER BY DESC(?n) ?whole LIMIT {limit}""",
    """SELECT ?subject ?a ?b WHERE {{ ?one rdf:subject ?subject ; rdf:predicate ?p ; rdf:object ?a . ?two rdf:subject
    ?subject ; rdf:predicate ?p ; rdf:object ?b . FILTER(STR(?one) < STR(?two)) }} ORDER BY ?subject ?a ?b LIMIT
    {limit}""",
)
PATHOLOGICAL = tuple(
    _PROLOGUE + query
    for query in (
        "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?c) ?f LIMIT 10",
        "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "SELECT (COUNT(*) AS ?n) WHERE { ?x (!styr:none|^!styr:none)* ?y }",
        "SELECT (COUNT(*) AS ?n) WHERE { ?x (rdf:type/^rdf:type)+ ?y . ?y (rdf:type/^rdf:type)+ ?z }",
        'SELECT ?s WHERE { BIND("'
        + "a" * 60
        + '" AS ?x) '
        + " ".join(f'BIND(REPLACE(?x{i or ""}, "a", "{"a" * 40}") AS ?x{i + 1})' for i in range(6))
        + " BIND(STRLEN(?x6) AS ?s) }",
        'SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . FILTER(REGEX(CONCAT(STR(?c), STR(?f)), "^(([a-zåäö]+.)+)+[0-9]{9}$")) }',
        "SELECT DISTINCT ?a ?c ?f WHERE { ?a ?b ?c . ?d ?e ?f . FILTER(STRLEN(CONCAT(STR(?a), STR(?d))) = 7) }",
        "SELECT ?t (GROUP_CONCAT(CONCAT(STR(?o), STR(?q))) AS ?all) WHERE { ?s a ?t ; ?p ?o . ?r a ?t ; ?p ?q } GROUP BY ?t",
    )
)


def unique(things: list[str], seed: int) -> Iterator[str]:
    """Small queries, no two alike: about one thing each, in an order that the seed decides; endless.

    When every thing has been asked about in every way, they come again with another number in a comment.
    """
    pairs = list(itertools.product(things, _SMALL))
    random.Random(seed).shuffle(pairs)
    for number in itertools.count():
        for thing, template in pairs:
            yield _PROLOGUE + template.format(thing=thing) + (f" # {number}" if number else "")


def mix(things: list[str], seed: int) -> Iterator[str]:
    """Thirty queries over and over, some more often than others, as pages and dashboards ask them."""
    chance = random.Random(1)
    about = zip(chance.sample(things, 24), _SMALL * 4, strict=True)
    some = [_PROLOGUE + template.format(thing=thing) for thing, template in about]
    queries = [_PROLOGUE + query for query in _MIX] + some
    order = random.Random(seed)
    while True:
        yield queries[min(int(order.expovariate(0.12)), len(queries) - 1)]


def heavy(seed: int) -> Iterator[str]:
    """Analytical queries over the whole graph, no two alike."""
    for number in itertools.count(seed * 1_000_000 + 500):
        yield _PROLOGUE + _HEAVY[number % len(_HEAVY)].format(limit=number)
