"""Against the source texts, where they are at hand: every responsibility statement is in the graph, and none besides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from graphsvc import evidence
from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.texts import Text, squeeze

PLAN = "https://w3id.org/styrgraf/id/goteborg/source/plan-jamlik-stad-2019-2022"
WORDING = re.compile(
    r"^(?P<responsible>Ansvar: )|^(?P<participating>Deltagande nämnder[^:]*: )"
    r"|(?P<collaborating>Aktiviteten sker i samverkan mellan |^Samverkan sker mellan )|(?P<pilot>pilotverksamheter: )",
    re.MULTILINE,
)
GOES_ON = re.compile(r"(,|\boch|\bsamt|\bför|\bmellan)$")
CONNECTING = re.compile("externaaktörer|göteborgsstads|samt|och|av")


@dataclass(frozen=True)
class Statement:
    """A statement of the text, found by its wording: its role, and where it begins and ends."""

    role: str
    start: int
    end: int


@pytest.fixture(scope="module")
def plan(graph: Graph, texts: Path) -> Text:
    """The plan's text."""
    return evidence.read_texts(graph.store, graph.content, texts)[PLAN]


def statements(text: str) -> list[Statement]:
    """Every responsibility statement of `text`, by its wording alone."""
    matches = WORDING.finditer(text)
    return [Statement(match.lastgroup or "", match.end(), _end(text, match.end())) for match in matches]


def _end(text: str, start: int) -> int:
    """Where the sentence that goes on at `start` ends: at a full stop, or where a line begins something new."""
    at = start
    while True:
        line_end = text.find("\n", at)
        line_end = len(text) if line_end < 0 else line_end
        line, told = text[at:line_end].rstrip(), text[start:line_end].rstrip()
        if (stop := line.find(". ")) >= 0:
            return at + stop
        following = text[line_end:].lstrip()[:1]
        complete = told.count("(") == told.count(")") and not GOES_ON.search(told)
        if told.endswith(".") or (line and complete and not following.islower()) or not following:
            return line_end
        at = line_end + 1


def test_the_wording_finds_the_statements(plan: Text) -> None:
    roles = [statement.role for statement in statements(plan.text)]
    assert {role: roles.count(role) for role in set(roles)} == {
        "responsible": 13,
        "participating": 4,
        "collaborating": 5,
        "pilot": 1,
    }


def test_every_statement_of_the_plan_is_claimed_with_all_its_actors(graph: Graph, plan: Text) -> None:
    claimed = claims(graph)
    for statement in statements(plan.text):
        here = [c for c in claimed if c.role == statement.role and c.start < statement.end and c.end > statement.start]
        words = plan.text[statement.start : statement.end]
        assert here, f"no claim for {statement.role}: {words}"
        left = squeeze(words).casefold()
        for name in sorted({name for claim in here for name in claim.names}, key=len, reverse=True):
            left = left.replace(name, " ")
        unclaimed = set(re.findall(r"[^\W\d]+", CONNECTING.sub(" ", left)))
        assert not unclaimed, f"{unclaimed} of ”{words}” stands in no claim"


def test_no_statement_of_the_plan_is_made_up(graph: Graph, plan: Text) -> None:
    told = statements(plan.text)
    for claim in claims(graph):
        if claim.role in ("responsible", "participating", "pilot"):
            assert any(s.role == claim.role and claim.start < s.end and claim.end > s.start for s in told), claim


@dataclass(frozen=True)
class Claimed:
    """A statement of the graph: its role, its span in the text, and every folded name of its actors."""

    role: str
    start: int
    end: int
    names: frozenset[str]


def claims(graph: Graph) -> list[Claimed]:
    """The responsibility statements of the plan's text that the graph holds."""
    table = graph.store.select(
        f"""SELECT ?statement ?role ?start ?end ?name WHERE {{
          GRAPH <{PLAN}> {{ ?statement a styr:ResponsibilityStatement ; styr:role ?roleIri ; styr:actor ?actor }}
          ?actor org:subOrganizationOf? ?named . ?named skos:prefLabel|skos:altLabel|skos:hiddenLabel ?name .
          BIND(REPLACE(STR(?roleIri), "^.*/", "") AS ?role)
          ?statement styr:evidence/oa:hasSelector ?position . ?position oa:start ?start ; oa:end ?end }}"""
    )
    grouped: dict[tuple[str, str, int, int], set[str]] = {}
    for row in table.rows:
        key = (row["statement"].value, row["role"].value, int(row["start"].value), int(row["end"].value))
        grouped.setdefault(key, set()).add(squeeze(row["name"].value).casefold())
    return [Claimed(role, start, end, frozenset(names)) for (_, role, start, end), names in grouped.items()]


def test_every_quotation_stands_once_in_its_text(graph: Graph, content: Content, texts: Path) -> None:
    read = evidence.read_texts(graph.store, content, texts)
    assert len(read) == 8
    by_source = evidence.passages(graph.store, content)
    assert sum(map(len, by_source.values())) > 500
    for source, passages in by_source.items():
        for thing, found in evidence.locate(passages, read[source]).items():
            assert (found.heading_occurrences, found.occurrences) == (1, 1), thing


def test_kept_positions_are_those_of_the_texts(graph: Graph, content: Content, texts: Path) -> None:
    with_texts = evidence.facts(graph.store, content, evidence.read_texts(graph.store, content, texts))
    assert sorted(with_texts.splitlines()) == sorted(evidence.facts(graph.store, content).splitlines())
