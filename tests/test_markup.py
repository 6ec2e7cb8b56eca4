"""What stands around every page: its frame, its addresses, its style and what else it refers to."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from graphsvc.markup import assets, link
from graphsvc.markup.frame import Frame
from graphsvc.namespaces import BASE


def test_a_frame_knows_its_addresses() -> None:
    frame = Frame("en", "/fragor/x", (("actor", "Hälsa & vård"),), address="https://exempel.se/")
    assert frame.here == "/fragor/x?actor=H%C3%A4lsa+%26+v%C3%A5rd&lang=en"
    assert frame.other == "/fragor/x?actor=H%C3%A4lsa+%26+v%C3%A5rd"
    assert frame.permanent == "https://exempel.se" + frame.here
    assert [link.label for link, under in frame.places if under] == ["Questions"]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("id/goteborg/actor/x", "/aktor/goteborg/x?lang=en"),
        ("id/goteborg/document/x", "/dokument/goteborg/x?lang=en"),
        ("id/goteborg/document/x/y", "/dokument/goteborg/x/y?lang=en"),
        ("id/goteborg/source/x", "/kalla/goteborg/x?lang=en"),
        ("id/goteborg/source/x/y", "/id/goteborg/source/x/y?lang=en"),
        ("ns#Actor", "/ns?lang=en#Actor"),
    ],
)
def test_a_thing_is_told_of_at_its_page_or_else_at_its_own_address(path: str, page: str) -> None:
    assert link(BASE + path, "en") == page


def test_readers_see_a_dash_between_years_but_quotations_and_addresses_are_as_they_are(client: TestClient) -> None:
    page = client.get("/dokument/goteborg/plan-for-en-jamlik-stad-2019-2022").text
    assert "<h1>Göteborgs Stads plan för en jämlik stad 2019–2022</h1>" in page
    quoted = "".join(re.findall(r"<blockquote.*?</blockquote>", page, re.S))
    assert "2018-2026" in quoted and "2019–2022" in quoted, "each as its source has it"
    assert "<code>https://w3id.org/styrgraf/id/goteborg/document/plan-for-en-jamlik-stad-2019-2022</code>" in page
    seen = re.sub(r"<(blockquote|code)\b.*?</\1>|<[^>]*>", " ", page, flags=re.S)
    assert not re.search(r"(?<![/\w-])(19|20)\d\d-(19|20)\d\d", seen)
    data = client.get("/api/questions/document-facts", params={"document": "plan för en jämlik stad"}).json()
    assert data["parameters"]["document"]["label"] == "Göteborgs Stads plan för en jämlik stad 2019-2022"


def test_assets_are_kept_for_ever_under_an_address_that_is_theirs(client: TestClient) -> None:
    page = client.get("/").text
    for name in ("style.css", "page.js", "mark.svg"):
        assert f'"{assets.address(name)}"' in page
        response = client.get(assets.address(name))
        assert "immutable" in response.headers["cache-control"]
        assert response.headers["content-type"].partition(";")[0] in ("text/css", "text/javascript", "image/svg+xml")
        assert not re.search(rb"(?:@import|url\(|https?://(?!www\.w3\.org/2000/svg))", response.content), name


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_can_be_read_against_its_ground_in_light_and_in_dark() -> None:
    style = assets.assets()["style.css"].body.decode()
    both = dict(re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", style))
    plain = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", style))
    assert len(both) == 10 and both.keys() == plain.keys()
    for place in (0, 1):
        colours = {name: pair.split(", ")[place] for name, pair in both.items()}
        assert place or colours == plain
        for ground in ("paper", "sheet", "wash", "mark"):
            for text in ("ink", "quiet", "accent"):
                assert _contrast(colours[text], colours[ground]) >= 4.5, (place, text, ground)
            assert _contrast(colours["edge"], colours[ground]) >= 3 or ground == "mark", (place, "edge", ground)
        assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5
    rest = style.partition("}\n}")[2]
    assert not re.search(r"#[0-9a-f]{3,6}\b", rest.partition("@media print")[0]), "colours stand in one place"
