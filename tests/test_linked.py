"""Linked data: every IRI at its path, in every format, as the web expects it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote

import pyoxigraph as ox
import pytest
import rdflib
from fastapi.testclient import TestClient

from graphsvc.content import Content
from graphsvc.graph import Graph
from graphsvc.linked.description import MOST_COUNTED, MOST_POINTING, Describer
from graphsvc.markup import link, render
from graphsvc.namespaces import BASE, ONTOLOGY, RDFS, SH, STYR
from graphsvc.release import addresses
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.web.app import create_app
from graphsvc.web.linked import Shelf

html5lib = pytest.importorskip("html5lib", reason="html5lib läser sidorna strängt")

ACTIVITY = "/id/goteborg/document/plan-for-en-jamlik-stad-2019-2022/skolan-som-arena"
FORMATS = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
}
READERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
}
FRAME = {"path": "/id/x", "iri": BASE + "id/x", "alternates": (), "pointing_query": "/sparql?query=x"}
WHOLE = ("Activity", "MunicipalCompany", "Decision", "TargetArea", "Budget", "SourceText")


@pytest.fixture(scope="module")
def client(graph: Graph, settings: Settings) -> Iterator[TestClient]:
    """A client of the service over the shipped data that follows no redirection by itself."""
    with TestClient(create_app(graph, settings), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def sample(graph: Graph) -> list[str]:
    """The paths of all things of some classes, and of two of every other class and of every concept scheme."""
    found: dict[str, list[str]] = {}
    for row in graph.store.select("SELECT ?c ?s { ?s a ?c } ORDER BY ?c ?s").rows:
        iri = row["s"].value
        if iri.startswith(BASE) and not iri.startswith(STYR) and iri != ONTOLOGY:
            found.setdefault(row["c"].value, []).append(iri)
    assert len(found) > 80
    chosen = {iri for kind, iris in found.items() for iri in (iris if kind.removeprefix(STYR) in WHOLE else iris[::97][:2])}
    return sorted("/" + iri.removeprefix(BASE) for iri in chosen)


def triples(data: bytes, name: str) -> set[ox.Triple]:
    """What an answer in the format `name` says."""
    return {quad.triple for quad in ox.parse(data, READERS[name])}


def parsed(html: bytes) -> object:
    """The page, read by a parser that accepts no error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html.decode())


def test_every_address_of_the_release_is_known(graph: Graph) -> None:
    shelf = Shelf(graph)
    query = "SELECT DISTINCT ?t { { ?t ?p ?o } UNION { ?s ?p ?t FILTER(isIRI(?t)) } }"
    ours = [
        row["t"].value for row in graph.store.select(query).rows if row["t"].value.startswith((BASE + "id/", ONTOLOGY + "/"))
    ]
    assert len(ours) > 4000
    assert [iri for iri in ours if not shelf.describer.knows(iri) or quote(unquote(iri), safe=":/") != iri] == []


def test_everything_answers_in_every_format_with_the_same_triples(client: TestClient, sample: list[str]) -> None:
    for path in sample:
        told = []
        for name, media in FORMATS.items():
            response = client.get(path, headers={"Accept": media})
            assert (response.status_code, response.headers["location"]) == (303, f"{path}.{name}")
            document = client.get(f"{path}.{name}")
            assert document.status_code == 200, path
            assert document.headers["content-type"].partition(";")[0] == media
            told.append(triples(document.content, name))
        assert told[0] and all(one == told[0] for one in told), path


def test_everything_has_a_page_in_both_languages(client: TestClient, sample: list[str]) -> None:
    for path in sample:
        for language in ("sv", "en"):
            response = client.get(f"{path}.html", params={"lang": language})
            assert response.status_code == 200, path
            page = parsed(response.content)
            assert page.get("lang") == language  # type: ignore[attr-defined]
            assert_accessible(page, path)


def assert_accessible(page: object, path: str) -> None:
    """Landmarks, one first heading and no level skipped, unique ids, a title, nothing that runs or is fetched."""
    elements = list(page.iter())  # type: ignore[attr-defined]
    tags = [element.tag for element in elements if isinstance(element.tag, str)]
    assert {"header", "main", "footer", "nav", "title"} <= set(tags), path
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), (path, levels)
    ids = [element.get("id") for element in elements if element.get("id")]
    assert len(ids) == len(set(ids)), path
    assert not {"img", "iframe", "object", "embed"} & set(tags)
    fetched = [element.get("src") or "inline" for element in elements if element.tag == "script"]
    fetched += [element.get("href") for element in elements if element.get("rel") in ("stylesheet", "icon")]
    assert len(fetched) == 3 and all(address.startswith("/static/") for address in fetched), path
    assert all(
        element.get("rel") in ("canonical", "alternate", "stylesheet", "icon")
        for element in elements
        if element.tag == "link"
    )
    assert all(element.get("action").startswith("/") for element in elements if element.tag == "form"), path
    for element in elements:
        assert not [name for name in element.attrib if str(name).startswith("on") or name == "style"], path
        if element.tag == "a":
            assert element.get("href") and "".join(element.itertext()).strip(), path


def test_what_it_says_is_what_sparql_says(client: TestClient, graph: Graph, sample: list[str]) -> None:
    for path in sample[:: max(1, len(sample) // 60)]:
        iri = ox.NamedNode(BASE + path[1:])
        told = triples(client.get(f"{path}.nt").content, "nt")
        said = graph.store.construct(f"CONSTRUCT {{ {iri} ?p ?o }} WHERE {{ {iri} ?p ?o }}")
        pointing = graph.store.construct(f"CONSTRUCT {{ ?s ?p {iri} }} WHERE {{ ?s ?p {iri} }}")
        assert {t for t in told if t.subject == iri} == triples(said, "nt"), path
        assert {t for t in told if t.object == iri} == triples(pointing, "nt"), path


def test_what_is_named_has_its_label_and_a_fact_its_words(client: TestClient) -> None:
    told = triples(client.get(ACTIVITY + ".ttl").content, "ttl")
    labelled = {t.subject for t in told if t.predicate.value == RDFS + "label"}
    assert ox.NamedNode(STYR + "responsible") in labelled
    assert ox.NamedNode(BASE + "id/goteborg/actor/grundskolenamnden") in labelled
    assert any(t.predicate.value.endswith("oa#exact") and "Skolan som gemensam arena" in t.object.value for t in told)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib, by its own JSON-LD parser
def test_another_parser_reads_the_same(client: TestClient) -> None:
    names = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
    read = [
        rdflib.Graph().parse(data=client.get(f"{ACTIVITY}.{name}").content, format=known) for name, known in names.items()
    ]
    assert len(read[0]) > 50
    assert all(set(one) == set(read[0]) for one in read)


def test_a_page_tells_the_words_and_that_a_proposal_is_one(client: TestClient) -> None:
    text = "".join(parsed(client.get(ACTIVITY + ".html").content).itertext())  # type: ignore[attr-defined]
    assert re.search(r"Ur Göteborgs Stads plan för en jämlik stad 2019.2022, som har statusen förslag\.", text)
    place = [
        text.index(words) for words in ("Ansvar: grundskolenämnden", "Deltagande nämnder, styrelser och externa aktörer")
    ]
    assert place == sorted(place)
    caption = r"”Ansvar: grundskolenämnden”\s*Under rubriken .*?\bi\s+Göteborgs Stads plan .*?s\.\s13 förslag\."
    assert re.search(caption, text)


def test_a_decision_has_its_own_status_not_that_of_the_text_that_tells_of_it(client: TestClient) -> None:
    text = client.get("/id/goteborg/decision/program-for-en-jamlik-stad.html").text
    assert re.search(r'class="status adopted">\s*Status: <strong>antagen', text)
    assert "inte den uppgift som används" in text


def test_the_links_of_a_page_lead_somewhere(client: TestClient) -> None:
    for path in (ACTIVITY, "/ns/role/responsible", "/ns/finding/no-responsible"):
        page = parsed(client.get(path + ".html?lang=en").content)
        links = {element.get("href") for element in page.iter("a")}  # type: ignore[attr-defined]
        inner = sorted(one for one in links if one.startswith(("/id/", "/ns")))
        assert len(inner) > 5
        for one in inner[:40]:
            assert client.get(one).status_code in (200, 303), one


def test_the_hash_terms_of_a_page_stand_in_the_ontology(client: TestClient, graph: Graph) -> None:
    page = parsed(client.get("/ns").content)
    anchors = {element.get("id") for element in page.iter()}  # type: ignore[attr-defined]
    terms = [row["t"].value for row in graph.store.select("SELECT DISTINCT ?t { ?t rdfs:isDefinedBy ?o }").rows]
    own = [iri.removeprefix(STYR) for iri in terms if iri.startswith(STYR)]
    assert len(own) > 100
    assert [name for name in own if name not in anchors] == []
    assert link(STYR + "Activity", "en") == "/ns?lang=en#Activity"


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("", "html"),
        ("*/*", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("text/turtle;q=0.2, application/ld+json;q=0.9", "jsonld"),
        ("application/*", "jsonld"),
        ("text/*;q=0.3, application/rdf+xml;q=0.4", "rdf"),
        ("text/*", "html"),
        ("text/html;q=0, text/*", "ttl"),
        ("*/*;q=0.1, application/n-triples", "nt"),
        ("image/png, text/turtle;q=0.001", "ttl"),
        ("TEXT/TURTLE", "ttl"),
    ],
)
def test_the_format_is_negotiated(client: TestClient, accept: str, suffix: str) -> None:
    thing = client.get(ACTIVITY, headers={"Accept": accept})
    assert (thing.status_code, thing.headers["location"], thing.headers["vary"]) == (303, f"{ACTIVITY}.{suffix}", "Accept")
    document = client.get("/ns", headers={"Accept": accept})
    assert (document.status_code, document.headers["content-location"]) == (200, f"/ns.{suffix}")


@pytest.mark.parametrize("path", [ACTIVITY, "/ns", "/ns/role/responsible", "/ns/shape/Claim"])
def test_what_is_not_there_is_406_with_the_list(client: TestClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "image/png"})
    assert (response.status_code, response.headers["content-type"]) == (406, "application/problem+json")
    assert all(media in response.text for media in ("text/html", *FORMATS.values()))


def test_a_document_says_what_else_there_is_and_what_it_is_of(client: TestClient, graph: Graph) -> None:
    response = client.get(ACTIVITY + ".ttl")
    links = response.headers["link"]
    for name, media in (("html", "text/html"), ("rdf", "application/rdf+xml")):
        assert f'<{ACTIVITY}.{name}>; rel="alternate"; type="{media}"' in links
    for relation in ("canonical", "describes"):
        assert f'<{BASE}{ACTIVITY[1:]}>; rel="{relation}"' in links
    assert 'rel="describedby"' in links
    assert response.headers["content-location"] == ACTIVITY + ".ttl"
    created = parsedate_to_datetime(response.headers["last-modified"]).isoformat()
    assert created == graph.release.manifest.created


def test_a_page_runs_and_fetches_only_what_is_our_own(client: TestClient) -> None:
    for path in (ACTIVITY + ".html", "/ns", "/ns/shape/Claim", "/id/finns-inte.html"):
        policy = client.get(path, headers={"Accept": "text/html"}).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; ")
        assert "unsafe" not in policy and "http" not in policy and "*" not in policy


def test_the_validator_tells_formats_and_languages_apart(client: TestClient, graph: Graph, settings: Settings) -> None:
    paths = [ACTIVITY + suffix for suffix in (".html", ".html?lang=en", ".ttl", ".jsonld", ".rdf", ".nt")]
    answers = [client.get(path) for path in paths]
    tags = [answer.headers["etag"] for answer in answers]
    assert len(set(tags)) == len(tags)
    assert all(re.fullmatch(r'"[0-9a-f]{32}"', tag) for tag in tags)
    again = TestClient(create_app(graph, settings))
    for path, answer in zip(paths, answers, strict=True):
        same = again.get(path)
        assert (same.headers["etag"], same.content) == (answer.headers["etag"], answer.content)
    assert client.get(ACTIVITY + ".ttl?lang=en").headers["etag"] == tags[2]


def test_what_the_client_has_is_not_sent_again_and_nothing_is_asked(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        ACTIVITY + ".html",
        ACTIVITY + ".nt",
        "/ns.ttl",
        "/ns.html?lang=en",
        "/ns/shape/Claim.rdf",
        "/ns/role.jsonld",
    ]
    first = {path: client.get(path) for path in documents}

    def refuse(*_: object) -> None:
        raise AssertionError("a query was asked")

    monkeypatch.setattr(EmbeddedStore, "answer", refuse)
    for path, answer in first.items():
        tag = answer.headers["etag"]
        for given in (tag, f"W/{tag}", f'"other", {tag}'):
            response = client.get(path, headers={"If-None-Match": given})
            assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", tag)
        assert client.head(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_date_or_a_star_is_no_proof_that_there_is_such_a_document(client: TestClient) -> None:
    document = client.get(ACTIVITY + ".ttl")
    modified = parsedate_to_datetime(document.headers["last-modified"])
    since = {"If-Modified-Since": format_datetime(modified, usegmt=True)}
    for headers in (since, {"If-None-Match": "*"}):
        assert client.get(ACTIVITY + ".ttl", headers=headers).status_code == 304
        assert client.get("/id/finns-inte.ttl", headers=headers).status_code == 404
    earlier = format_datetime(modified.replace(year=2001), usegmt=True)
    old, unread = {"If-Modified-Since": earlier}, {"If-Modified-Since": "yesterday"}
    for headers in (old, unread, since | {"If-None-Match": '"other"'}):
        assert client.get(ACTIVITY + ".ttl", headers=headers).status_code == 200


def test_head_says_what_get_says_without_the_body(client: TestClient) -> None:
    for path in (ACTIVITY, ACTIVITY + ".html", ACTIVITY + ".ttl", "/ns", "/ns.nt", "/ns/shape/Claim", "/id/finns-inte"):
        got, head = client.get(path), client.head(path)
        assert head.content == b""
        assert (head.status_code, dict(head.headers)) == (got.status_code, dict(got.headers)), path


def test_only_reading_is_allowed(client: TestClient) -> None:
    for path in (ACTIVITY, "/ns", "/ns.ttl", "/ns/role"):
        response = client.delete(path)
        assert response.status_code == 405
        assert {"GET", "HEAD"} <= {method.strip() for method in response.headers["allow"].split(",")}


@pytest.mark.parametrize("suffix", ["", ".html", ".ttl"])
def test_what_is_not_there_is_a_problem_to_programs_and_a_page_to_people(client: TestClient, suffix: str) -> None:
    for path in ("/id/finns-inte", "/ns/finns-inte", "/ns/shape/FinnsInte", "/ns/finding/finns-inte"):
        problem = client.get(path + suffix)
        assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")
        assert problem.json()["iri"] == BASE + path[1:]
        for language, words in (("sv", "Adressen finns inte"), ("en", "No such address")):
            page = client.get(path + suffix, params={"lang": language}, headers={"Accept": "text/html,*/*;q=0.5"})
            assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
            assert words in page.text
            assert_accessible(parsed(page.content), path)


@pytest.mark.parametrize(
    "path",
    [
        "/id/%C3%A5%C3%A4%C3%B6",
        "/id/åäö.html",
        "/id/%2e%2e/%2e%2e/ns",
        "/id/..%2f..%2fetc/passwd.ttl",
        "/id/%22onmouseover=%22alert(1)",
        "/id/%3Cscript%3Ealert(1)%3C/script%3E.html",
        "/id/a%3E%20%7D%20UNION%20%7B%20?s%20?p%20?o%20%7D%20%23",
        "/id/%0d%0aSet-Cookie:%20a=b",
        "/id/%00",
        "/id/%ff%fe",
        "/id/%5C",
        "/id/" + "a" * 50_000,
        "/id/" + "a/" * 5_000 + ".html",
        "/ns/shape/..%2f..%2fdata%2factors",
        "/ns/shape/../Claim.exe",
        "/ns/shape/",
        "/ns/",
        "/id/",
        "/ns.exe",
        "/id/.ttl",
        "/id/goteborg/",
        ACTIVITY + "/",
        ACTIVITY + ".ttl.ttl",
        ACTIVITY + ".TTL",
        ACTIVITY + "%23a",
    ],
)
def test_odd_and_hostile_paths_are_only_not_found(client: TestClient, path: str) -> None:
    for accept in ("*/*", "text/html"):
        response = client.get(path, headers={"Accept": accept})
        assert response.status_code == 404, response.text[:200]
        assert "set-cookie" not in response.headers
        if accept == "text/html" and "html" in response.headers["content-type"]:
            assert "<script>" not in response.text and 'onmouseover="alert' not in response.text
            parsed(response.content)


def test_an_encoded_path_is_decoded(client: TestClient) -> None:
    assert client.get(ACTIVITY.replace("skolan", "%73kolan"), headers={"Accept": "text/turtle"}).status_code == 303


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_the_ontology_and_the_shapes_are_documents(client: TestClient, content: Content) -> None:
    for name in FORMATS:
        assert len(triples(client.get(f"/ns.{name}").content, name)) > 1500
    files = sorted((content.root / "shapes").glob("*.ttl"))
    assert len(files) > 20
    for path in files:
        written = rdflib.Graph().parse(path)
        for name, known in (("ttl", "turtle"), ("rdf", "xml"), ("nt", "nt"), ("jsonld", "json-ld")):
            answer = client.get(f"/ns/shape/{path.stem}", headers={"Accept": FORMATS[name]})
            assert (answer.status_code, answer.headers["content-location"]) == (200, f"/ns/shape/{path.stem}.{name}")
            assert len(rdflib.Graph().parse(data=answer.content, format=known)) == len(written), path
        assert_accessible(parsed(client.get(f"/ns/shape/{path.stem}").content), path.stem)


def test_a_shape_is_found_in_its_file(client: TestClient, graph: Graph) -> None:
    response = client.get("/ns/shape/Claim-subject")
    assert (response.status_code, response.headers["location"]) == (303, "/ns/shape/Claim.html#Claim-subject")
    assert 'id="Claim-subject"' in client.get("/ns/shape/Claim").text
    assert client.get("/ns/shape/Claim-subject.ttl").headers["location"] == "/ns/shape/Claim.ttl"


def test_a_finding_is_defined_and_leads_to_what_was_found(client: TestClient, content: Content, graph: Graph) -> None:
    stems = [path.stem for path in content.queries("findings")]
    assert len(stems) > 5
    for stem in stems:
        told = triples(client.get(f"/ns/finding/{stem}.ttl").content, "ttl")
        iri = ox.NamedNode(f"{ONTOLOGY}/finding/{stem}")
        assert {t.object.language for t in told if t.subject == iri and t.predicate.value == SH + "message"} == {"sv", "en"}
        found = graph.store.select(f"SELECT ?r {{ ?r sh:sourceShape {iri} }}").rows
        assert len(found) == len([t for t in told if t.predicate.value == SH + "sourceShape" and t.object == iri])


def _crowd(size: int) -> EmbeddedStore:
    store = EmbeddedStore.create()
    lines = [f"<{BASE}id/{n}> <{STYR}concerns> <{BASE}id/hub> .\n" for n in range(size)]
    store.load_ntriples("".join(lines).encode())
    return store


def test_what_points_is_bounded_and_what_is_left_out_is_said(content: Content) -> None:
    hub, none = BASE + "id/hub", EmbeddedStore.create()
    for size, left_out in ((MOST_POINTING, 0), (MOST_POINTING + 7, 7), (MOST_COUNTED + 1, None)):
        found = Describer(_crowd(size), content, none).describe(hub, "sv")
        assert found is not None
        assert sum(len(one.subjects) for one in found.pointing) == MOST_POINTING
        assert found.left_out == left_out
        page = render("thing", "sv", found=found, **FRAME)
        assert ("utelämnade" in page) == (left_out != 0)
        assert left_out is None or left_out == 0 or f"{left_out} till pekar hit" in page


def test_what_the_data_says_is_escaped(content: Content) -> None:
    store = EmbeddedStore.create()
    evil = '<script>alert(1)</script>"'
    thing = f"{BASE}id/evil"
    store.load_ntriples(
        f"<{thing}> <{RDFS}label> {ox.Literal(evil, language='sv')} .\n"
        f"<{thing}> <{RDFS}seeAlso> <javascript:alert(1)> .\n"
        f"<{thing}> <{STYR}concerns> <http://example.org/?a&b'c> .\n".encode()
    )
    found = Describer(store, content, EmbeddedStore.create()).describe(thing, "sv")
    page = render("thing", "sv", found=found, **FRAME)
    assert page.count("<script") == 1 and "<script>" not in page and 'href="javascript' not in page
    parsed(page.encode())


def test_what_an_earlier_release_had_is_gone(content: Content, graph: Graph, settings: Settings, tmp_path: Path) -> None:
    old = EmbeddedStore.create()
    old.load_ntriples("".join(f"<{BASE}id/old/{n}> a <{STYR}Actor> .\n".replace(" a ", f" <{rdflib.RDF.type}> ")
                              for n in range(0, 400, 2)).encode())  # fmt: skip
    folder = tmp_path / "releases" / "1"
    folder.mkdir(parents=True)
    assert addresses.write(old, content, folder) == 200
    for n in range(400):
        assert addresses.earlier_had(tmp_path / "releases" / "2", 2, f"{BASE}id/old/{n}") == (n % 2 == 0)
    assert not addresses.earlier_had(tmp_path / "releases" / "1", 1, f"{BASE}id/old/0")
    beside = graph.release.folder.parent / "0"
    shutil.copytree(folder, beside)
    try:
        with TestClient(create_app(graph, settings)) as client:
            assert client.get("/id/old/2.ttl").status_code == 410
            assert client.get("/id/old/2", headers={"Accept": "text/html"}).status_code == 410
            assert client.get("/id/old/3").status_code == 404
    finally:
        shutil.rmtree(beside)
