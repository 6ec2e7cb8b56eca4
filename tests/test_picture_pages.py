"""The pages of pictures: each view drawn and told as a table, in one role, in every format."""

from __future__ import annotations

from starlette.testclient import TestClient
from strict_html import parsed

from graphsvc.diagrams import Views
from graphsvc.graph import Graph

PLAN = "id:goteborg/document/plan-for-en-jamlik-stad-2019-2022"
SVG = "{http://www.w3.org/2000/svg}"


def test_every_view_has_a_page_with_its_picture_and_the_same_as_a_table(client: TestClient, graph: Graph) -> None:
    examples = {
        one.get("href") for one in parsed(client.get("/bilder").text).iter("a") if "about=" in (one.get("href") or "")
    }
    assert len(examples) == len(list(Views(graph.content)))
    for link in sorted(examples):
        answer = client.get(link)
        assert answer.status_code == 200 and len(answer.content) < 150_000, link
        page = parsed(answer.text)
        drawn = page.find(f".//div[@id='ritning']/{SVG}svg")
        assert drawn is not None, link
        assert len(list(page.iter("tbody"))) > 0, link
        assert "<style" not in answer.text and drawn.get("role") == "group"
        links = {one.get("href") for one in drawn.iter(f"{SVG}a")}
        assert links and all(one.startswith(("/", "http://127.0.0.1:8000/diagrams/")) for one in links), links


def test_a_picture_is_shown_in_one_role_only(client: TestClient) -> None:
    path = f"/bild/document-responsibilities?about={PLAN}&blad=2"
    whole, some = (parsed(client.get(one).text) for one in (path, path + "&role=role:responsible"))
    off = [one for one in some.iter(SVG + "g") if "off" in (one.get("class") or "")]
    assert off and all(one.get("data-role") != "role:responsible" for one in off)
    assert not [one for one in whole.iter(SVG + "g") if "off" in (one.get("class") or "")]
    rows = client.get(path.replace("?", ".json?") + "&role=role:responsible").json()["tables"][0]["rows"]
    assert rows and {row["cells"]["role"]["value"] for row in rows} == {"Ansvarig"}
    assert all(row["evidence"] for row in rows)


def test_the_picture_can_be_had_in_each_format(client: TestClient) -> None:
    page = parsed(client.get(f"/bild/timeline?about={PLAN}").text)
    links = [one.get("href") for one in page.iter("a") if (one.get("href") or "").startswith("/diagrams/")]
    assert len(links) == 6
    for link in links:
        if not link.startswith(("/diagrams/timeline.png", "/diagrams/timeline.pdf")):
            assert client.get(link).status_code == 200, link


def test_the_typeface_of_pictures_is_served_and_nothing_else(client: TestClient) -> None:
    found = client.get("/typsnitt/regular.woff")
    assert found.content.startswith(b"wOFF") and found.headers["content-type"] == "font/woff"
    assert client.get("/typsnitt/annat.woff").status_code == 404
