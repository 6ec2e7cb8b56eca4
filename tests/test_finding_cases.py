"""Every finding has a text in which it finds something and one, nearly the same, in which it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graphsvc.content import Content
from graphsvc.release.assemble import derive
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.validation.findings import as_ntriples, run_one

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "queries" / "findings"
STEMS = sorted(path.stem for path in (ROOT / "queries" / "findings").glob("*.rq"))


def test_every_finding_has_its_cases_and_no_case_is_left_over() -> None:
    assert STEMS
    assert sorted(folder.name for folder in FOLDER.iterdir()) == STEMS
    assert all({p.stem for p in folder.glob("*.ttl")} == {"found", "quiet"} for folder in FOLDER.iterdir())


@pytest.mark.parametrize("case", ["found", "quiet"])
@pytest.mark.parametrize("stem", STEMS)
def test_case(content: Content, stem: str, case: str) -> None:
    path = FOLDER / stem / f"{case}.ttl"
    told = re.match(r"# finds: (\d+)", path.read_text("utf-8"))
    assert told, "the first line must say `# finds: N`"
    store = EmbeddedStore.create()
    for file in content.ontology:
        store.load(file, "https://w3id.org/styrgraf/ns")
    store.load_declared(path, stem_is_slug=False)
    store.merge_graphs()
    derive(store, content)
    found = run_one(store, content, ROOT / "queries" / "findings" / f"{stem}.rq")
    assert len(found) == int(told[1]), found
    for result in found:
        assert "{" not in result.message("sv") + result.message("en"), "a placeholder was not filled"
    store.load_ntriples(as_ntriples(found))
