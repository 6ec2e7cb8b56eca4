"""Evidence: what a quotation proves, and that a changed passage loses its kept position."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphsvc import evidence
from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.evidence import Passage
from graphsvc.store.embedded import EmbeddedStore

ROOT = Path(__file__).parent.parent
SOURCE = "https://w3id.org/styrgraf/id/x/source/text"
ONTOLOGY = """@prefix styr: <https://w3id.org/styrgraf/ns#> .
styr:actor a styr:ProvenProperty . styr:answerBy a styr:ProvenProperty . styr:done a styr:ProvenProperty ."""
DATA = """@prefix styr: <https://w3id.org/styrgraf/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix x: <https://w3id.org/styrgraf/id/x/> .
<{source}> a styr:SourceText ; styr:textFile "text.txt" ; styr:firstLine 1 ; styr:lastLine 9 .
x:namnden skos:prefLabel "Byggnadsnämnden"@sv .
x:it {facts} ; styr:heading "Ansvar"@sv ; styr:quote "{quote}"@sv .
"""


def build(tmp_path: Path, facts: str, quote: str) -> EmbeddedStore:
    """A store with one thing that has `facts` and `quote`."""
    (tmp_path / "text.ttl").write_text(DATA.format(source=SOURCE, facts=facts, quote=quote), "utf-8")
    (tmp_path / "ontology.ttl").write_text(ONTOLOGY, "utf-8")
    store = EmbeddedStore.create()
    store.load(tmp_path / "ontology.ttl", "https://w3id.org/styrgraf/ns")
    store.load_declared(tmp_path / "text.ttl", stem_is_slug=True)
    store.merge_graphs()
    return store


@pytest.mark.parametrize(
    ("facts", "quote", "proven"),
    [
        ("styr:actor x:namnden", "byggnads- nämndens ansvar", True),
        ("styr:actor x:namnden", "nämndens ansvar", False),
        ('styr:actor x:namnden ; styr:referredToAs "nämnden"@sv', "nämndens ansvar", True),
        ('styr:actor x:namnden ; styr:referredToAs "bolaget"@sv', "nämndens ansvar", False),
        ('styr:answerBy "2019-03-31"^^xsd:date', "senast den 31 mars 2019", True),
        ('styr:answerBy "2019-03-31"^^xsd:date', "senast 2019-03-31", True),
        ('styr:answerBy "2019-03-31"^^xsd:date', "senast 2019-03-13", False),
        ("styr:done true", "vad som helst", True),
    ],
)
def test_a_quotation_must_hold_the_name_or_the_value(
    tmp_path: Path, content: Content, facts: str, quote: str, proven: bool
) -> None:
    found = list(evidence.unproven(build(tmp_path, facts, quote), content))
    assert (found == []) is proven


def test_anchoring_keeps_positions_and_a_changed_passage_loses_its_own(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "text.txt").write_text("Ansvar\nByggnadsnämnden svarar.\n", "utf-8")
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    content = Content(tmp_path)
    store = build(tmp_path, "styr:actor x:namnden", "Byggnadsnämnden svarar")
    assert evidence.anchor(store, content, texts) == {"text": 1}
    assert b'#occurrences> "1"' in evidence.facts(store, content)
    assert b'#start> "7"' in evidence.facts(store, content)
    changed = build(tmp_path, "styr:actor x:namnden", "Byggnadsnämnden")
    assert b"occurrences" not in evidence.facts(changed, content)


def test_a_damaged_positions_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    content = Content(tmp_path)
    content.positions("text").parent.mkdir(parents=True)
    content.positions("text").write_text("thing,passage,start,end,page\nx,y,z,1,\n", "utf-8")
    with pytest.raises(BadFile, match=r"text\.csv.*graphsvc anchor"):
        evidence.facts(build(tmp_path, "styr:done true", "ord"), content)


def test_a_passage_is_bound_to_its_words_not_their_spacing() -> None:
    one, other = Passage("t", "s", "Rub-\nrik", "två  ord"), Passage("t", "s", "Rubrik", "två ord")
    assert one.key == other.key != Passage("t", "s", "Rubrik", "tre ord").key
