"""The descriptions for machines: DCAT-AP-SE, VoID and the SPARQL service description, against their rules and the data."""

from __future__ import annotations

import logging
import os
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
import rdflib
from fastapi.testclient import TestClient
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, SH, VOID, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery

from graphsvc.catalogue.describe import KINDS, Descriptions
from graphsvc.catalogue.statistics import statistics
from graphsvc.formats import GRAPHS, RESULTS, Format
from graphsvc.graph import Graph
from graphsvc.namespaces import PREFIXES
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore

# rdflib's own JSON-LD parser uses what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
ROOT = Path(__file__).parent.parent
SHAPES = Path(os.environ.get("STYRGRAF_DCAT_AP", ROOT.parent / "shared" / "dcat-ap"))
SHAPE_FILES = sorted(SHAPES.glob("dcat-ap-3*.ttl"))
DCAT = Namespace(PREFIXES["dcat"])
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
SCHEMA = Namespace("https://schema.org/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
CC0 = URIRef("http://creativecommons.org/publicdomain/zero/1.0/")
DATASET = URIRef("https://w3id.org/styrgraf/id/dataset")
ADDRESS = "https://data.example.se/styrning/"
OTHER = {
    "public_address": ADDRESS,
    "publisher": "https://example.se/id/region",
    "publisher_name": "Exempelregionen",
    "publisher_type": "http://purl.org/adms/publishertype/RegionalAuthority",
    "contact": "mailto:data@example.se",
}
ELSEWHERE = """
<https://example.se/id/data> a dcat:Dataset ; dcterms:title "Planer"@sv ; dcterms:description "Planer i Exempelby."@sv ;
  dcterms:license <http://creativecommons.org/publicdomain/zero/1.0/> ; dcterms:issued "2020-01-01"^^xsd:date ;
  dcterms:language <http://publications.europa.eu/resource/authority/language/SWE> ;
  dcterms:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
  dcterms:spatial <https://sws.geonames.org/1/> ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/REGI> .
"""


def described(graph: Graph, settings: Settings) -> Descriptions:
    """The descriptions of the shipped release under `settings`."""
    return Descriptions(graph.store, graph.content, graph.release.manifest, settings, graph.questions)


def parsed(data: bytes, form: str = "nt") -> rdflib.Graph:
    """An RDF document as a graph."""
    return rdflib.Graph().parse(data=data, format={"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}.get(form, form))


@pytest.fixture(scope="module")
def descriptions(graph: Graph, settings: Settings) -> Descriptions:
    return described(graph, settings)


@pytest.fixture(scope="module")
def elsewhere(graph: Graph, settings: Settings) -> Descriptions:
    """The descriptions of another city's dataset, by another publisher."""
    store = EmbeddedStore.create()
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("dcat", "dcterms", "xsd"))
    store.load_ntriples(rdflib.Graph().parse(data=prefixes + ELSEWHERE, format="turtle").serialize(format="nt").encode())
    return Descriptions(store, graph.content, graph.release.manifest, replace(settings, **OTHER), graph.questions)


# The catalogue


def violations(catalogue: rdflib.Graph, shapes: rdflib.Graph) -> list[str]:
    """What breaks the shapes, warnings apart. One file points at two property shapes that it lacks: they are cut."""
    for shape, part in list(shapes.subject_objects(SH.property)):
        if (part, SH.path, None) not in shapes:
            shapes.remove((shape, SH.property, part))
    logging.getLogger("pyshacl").setLevel(logging.CRITICAL)
    _, report, _ = pyshacl.validate(catalogue, shacl_graph=shapes, inference="none")
    assert isinstance(report, rdflib.Graph)
    told = (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
    faults = [result for result in report.objects(None, SH.result) if (result, SH.resultSeverity, SH.Violation) in report]
    return [" ".join(str(report.value(fault, part)) for part in told) for fault in faults]


@pytest.mark.skipif(not SHAPE_FILES, reason="DCAT-AP:s shapes finns inte här (ange deras mapp i STYRGRAF_DCAT_AP)")
@pytest.mark.parametrize("path", SHAPE_FILES, ids=lambda path: path.stem)
def test_the_catalogue_passes_the_official_shapes(
    graph: Graph, settings: Settings, elsewhere: Descriptions, path: Path
) -> None:
    catalogues = [
        described(graph, settings).catalogue,
        described(graph, replace(settings, **OTHER)).catalogue,
        described(graph, replace(settings, contact="https://example.se/kontakt")).catalogue,
        elsewhere.catalogue,
    ]
    for catalogue in catalogues:
        assert violations(parsed(catalogue), rdflib.Graph().parse(path)) == []


@pytest.mark.skipif(not SHAPE_FILES, reason="DCAT-AP:s shapes finns inte här (ange deras mapp i STYRGRAF_DCAT_AP)")
def test_the_official_shapes_would_tell_of_a_fault(descriptions: Descriptions) -> None:
    catalogue = parsed(descriptions.catalogue)
    catalogue.remove((None, DCTERMS.publisher, None))
    catalogue.remove((None, DCAT.endpointURL, None))
    found = {fault for path in SHAPE_FILES for fault in violations(catalogue, rdflib.Graph().parse(path))}
    assert any(str(DCTERMS.publisher) in fault for fault in found)
    assert any(str(DCAT.endpointURL) in fault for fault in found)


def test_it_has_all_that_dcat_ap_se_makes_mandatory(descriptions: Descriptions) -> None:
    catalogue = parsed(descriptions.catalogue)
    mandatory = {
        DCAT.Catalog: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCTERMS.license, DCAT.dataset],
        DCAT.Dataset: [DCTERMS.title, DCTERMS.description, DCTERMS.publisher],
        DCAT.Distribution: [DCAT.accessURL],
        DCAT.DataService: [DCTERMS.title, DCAT.endpointURL],
        FOAF.Agent: [FOAF.name, DCTERMS.type],
    }
    for kind, properties in mandatory.items():
        things = list(catalogue.subjects(RDF.type, kind))
        assert things, kind
        for thing in things:
            assert all((thing, name, None) in catalogue for name in properties), thing
    [catalog] = catalogue.subjects(RDF.type, DCAT.Catalog)
    assert catalogue.value(catalog, DCTERMS.license) == CC0
    for agent in catalogue.subjects(RDF.type, FOAF.Agent):
        assert len(list(catalogue.objects(agent, DCTERMS.type))) == 1
    assert (None, RDF.type, DCAT.CatalogRecord) not in catalogue
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService):
        for thing in catalogue.subjects(RDF.type, kind):
            assert {title.language for title in catalogue.objects(thing, DCTERMS.title)} == {"sv", "en"}


def test_the_dataset_says_what_its_file_says_and_which_release_it_is(graph: Graph, descriptions: Descriptions) -> None:
    catalogue = parsed(descriptions.catalogue)
    for triple in rdflib.Graph().parse(ROOT / "data" / "dataset.ttl"):
        assert triple in catalogue
    manifest = graph.release.manifest
    assert str(catalogue.value(DATASET, DCAT.version)) == manifest.name
    assert catalogue.value(DATASET, DCTERMS.modified) == rdflib.Literal(manifest.created, datatype=rdflib.XSD.dateTime)
    assert (DATASET, DCTERMS.conformsTo, URIRef("https://w3id.org/styrgraf/ns")) in catalogue


def test_every_way_to_the_data_is_an_address_of_this_service(graph: Graph, settings: Settings) -> None:
    catalogue = parsed(described(graph, replace(settings, **OTHER)).catalogue)
    downloads = {str(url) for url in catalogue.objects(None, DCAT.downloadURL)}
    assert downloads == {ADDRESS + name for name in ("data.nq", "data.trig", "data.nq.gz", "data.trig.gz")}
    ways = [DCAT.accessURL, DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage, FOAF.homepage]
    for way in ways:
        found = [str(url) for url in catalogue.objects(None, way)]
        assert found, way
        assert all(url.startswith(ADDRESS) for url in found), way
    service = URIRef(ADDRESS + "sparql#service")
    assert catalogue.value(service, DCAT.endpointURL) == URIRef(ADDRESS + "sparql")
    assert (service, DCAT.servesDataset, DATASET) in catalogue
    for packed in catalogue.subjects(DCAT.compressFormat):
        assert str(catalogue.value(packed, DCAT.downloadURL)).endswith(".gz")


def test_another_publisher_and_address_leave_no_trace_of_the_usual(graph: Graph, settings: Settings) -> None:
    usual = Settings()
    other = described(graph, replace(settings, **OTHER))
    for kind in KINDS:
        told = other.answer(kind, Format("nt")).decode()
        traces = [usual.public_address, "127.0.0.1", usual.publisher, usual.publisher_type, f'"{usual.publisher_name}"']
        assert [trace for trace in traces if trace in told] == []
        assert ADDRESS in told
    catalogue = parsed(other.catalogue)
    [agent] = catalogue.subjects(RDF.type, FOAF.Agent)
    assert str(agent) == OTHER["publisher"]
    assert str(catalogue.value(agent, FOAF.name)) == OTHER["publisher_name"]
    [contact] = catalogue.objects(DATASET, DCAT.contactPoint)
    assert str(catalogue.value(contact, VCARD.hasEmail)) == OTHER["contact"]
    assert str(catalogue.value(contact, VCARD.fn)) == OTHER["publisher_name"]


def test_no_contact_is_told_where_none_is_set(descriptions: Descriptions) -> None:
    assert (None, DCAT.contactPoint, None) not in parsed(descriptions.catalogue)
    assert (None, RDF.type, VCARD.Kind) not in parsed(descriptions.catalogue)


def test_another_citys_dataset_is_described_as_its_own(elsewhere: Descriptions) -> None:
    told = elsewhere.catalogue.decode() + elsewhere.void.decode()
    assert not [trace for trace in ("oteborg", "öteborg", "othenburg") if trace in told]
    catalogue = parsed(elsewhere.catalogue)
    [dataset] = catalogue.subjects(RDF.type, DCAT.Dataset)
    assert str(dataset) == "https://example.se/id/data"
    assert str(catalogue.value(dataset, DCTERMS.issued)) == "2020-01-01"


# VoID


class Counted:
    """What one graph holds, counted triple by triple."""

    def __init__(self, triples: set[tuple[object, object, object]]) -> None:
        self.classes = Counter(o for _, p, o in triples if p == pyoxigraph.NamedNode(str(RDF.type)))
        self.properties = Counter(p for _, p, _ in triples)
        self.subjects = {s for s, _, _ in triples}
        self.told = {
            VOID.triples: len(triples),
            VOID.distinctSubjects: len(self.subjects),
            VOID.distinctObjects: len({o for _, _, o in triples}),
            VOID.properties: len(self.properties),
            VOID.classes: len(self.classes),
        }


@pytest.fixture(scope="module")
def counted(graph: Graph) -> dict[str, Counted]:
    """Every graph of the release by its name (the default graph by none), counted from the file to download."""
    triples: defaultdict[str, set[tuple[object, object, object]]] = defaultdict(set)
    for quad in pyoxigraph.parse(path=graph.release.folder / "data.nq", format=pyoxigraph.RdfFormat.N_QUADS):
        name = quad.graph_name.value if isinstance(quad.graph_name, pyoxigraph.NamedNode) else ""
        triples[name].add((quad.subject, quad.predicate, quad.object))
    return {name: Counted(found) for name, found in triples.items()}


def test_void_tells_the_counted_numbers(descriptions: Descriptions, counted: dict[str, Counted]) -> None:
    void = parsed(descriptions.void)
    whole = counted[""]
    for name, number in whole.told.items():
        assert int(void.value(DATASET, name)) == number, name
    space = str(void.value(DATASET, VOID.uriSpace))
    entities = [s for s in whole.subjects if isinstance(s, pyoxigraph.NamedNode) and s.value.startswith(space)]
    assert int(void.value(DATASET, VOID.entities)) == len(entities)
    classes = {
        str(void.value(p, VOID["class"])): int(void.value(p, VOID.entities))
        for p in void.objects(DATASET, VOID.classPartition)
    }
    assert classes == {term.value: number for term, number in whole.classes.items()}
    properties = {
        str(void.value(p, VOID.property)): int(void.value(p, VOID.triples))
        for p in void.objects(DATASET, VOID.propertyPartition)
    }
    assert properties == {term.value: number for term, number in whole.properties.items()}


def test_void_has_a_subset_for_each_named_graph(
    graph: Graph, descriptions: Descriptions, counted: dict[str, Counted]
) -> None:
    void = parsed(descriptions.void)
    subsets = {
        str(void.value(named, SD.name)): void.value(named, SD.graph) for named in void.subjects(RDF.type, SD.NamedGraph)
    }
    assert sorted(subsets) == graph.store.graphs()
    assert set(subsets.values()) == set(void.objects(DATASET, VOID.subset))
    assert len(set(subsets.values())) == len(subsets)
    for name, subset in subsets.items():
        assert {count: int(void.value(subset, count)) for count in counted[name].told} == counted[name].told
        assert (subset, DCTERMS.title, None) in void


def test_void_tells_how_to_get_at_the_data(descriptions: Descriptions, settings: Settings) -> None:
    void, address = parsed(descriptions.void), settings.public_address
    document = URIRef(address + ".well-known/void")
    assert (document, RDF.type, VOID.DatasetDescription) in void
    assert (document, FOAF.primaryTopic, DATASET) in void
    assert void.value(DATASET, VOID.sparqlEndpoint) == URIRef(address + "sparql")
    assert {str(dump).removeprefix(address) for dump in void.objects(DATASET, VOID.dataDump)} >= {"data.nq", "data.trig"}
    assert set(void.objects(DATASET, VOID.feature)) == {FORMATS[n] for n in ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")}
    assert URIRef(PREFIXES["styr"]) in set(void.objects(DATASET, VOID.vocabulary))
    space = str(void.value(DATASET, VOID.uriSpace))
    examples = [str(example) for example in void.objects(DATASET, VOID.exampleResource)]
    assert examples
    assert all(example.startswith(space) for example in examples)


def test_what_was_counted_at_the_build_is_not_counted_again(graph: Graph, settings: Settings) -> None:
    counted = statistics(graph.store, graph.content)
    manifest, other = graph.release.manifest, replace(settings, **OTHER)
    kept = Descriptions(graph.store, graph.content, manifest, other, graph.questions, counted)
    assert kept.statistics is counted
    assert ADDRESS.encode() not in counted
    assert kept.answer("void", Format("ttl")) == described(graph, other).answer("void", Format("ttl"))


# The service description


def test_the_service_is_described(descriptions: Descriptions, settings: Settings) -> None:
    told, address = parsed(descriptions.service), settings.public_address
    [service] = told.subjects(RDF.type, SD.Service)
    assert told.value(service, SD.endpoint) == URIRef(address + "sparql")
    assert told.value(service, SD.supportedLanguage) == SD.SPARQL11Query
    assert len(list(told.objects(service, SD.resultFormat))) == len(RESULTS) + len(GRAPHS)
    features = list(told.objects(service, SD.feature))
    assert features
    for feature in features:
        assert (feature, RDF.type, SD.Feature) in told
        assert {text.language for text in told.objects(feature, RDFS.comment)} == {"sv", "en"}
    assert any(f"{settings.query_seconds:g} sekunder" in text for text in told.objects(None, RDFS.comment))


def test_the_service_lists_every_graph_with_its_counts(
    graph: Graph, descriptions: Descriptions, counted: dict[str, Counted]
) -> None:
    told = parsed(descriptions.service)
    [service] = told.subjects(RDF.type, SD.Service)
    dataset = told.value(service, SD.defaultDataset)
    default = told.value(dataset, SD.defaultGraph)
    assert (default, RDF.type, SD.Graph) in told
    assert int(told.value(default, VOID.triples)) == counted[""].told[VOID.triples]
    names = {str(told.value(named, SD.name)): told.value(named, SD.graph) for named in told.objects(dataset, SD.namedGraph)}
    assert sorted(names) == graph.store.graphs()
    for name, found in names.items():
        assert int(told.value(found, VOID.triples)) == counted[name].told[VOID.triples]


def test_every_named_question_is_an_example_that_parses_and_runs(
    graph: Graph, descriptions: Descriptions, settings: Settings
) -> None:
    told = parsed(descriptions.service)
    examples = list(told.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(examples) == len(list(graph.questions)) >= 50
    for example in examples:
        assert (example, RDF.type, SH.SPARQLSelectExecutable) in told
        assert {text.language for text in told.objects(example, RDFS.label)} == {"sv", "en"}
        assert {text.language for text in told.objects(example, RDFS.comment)} == {"sv", "en"}
        assert told.value(example, SCHEMA.target) == URIRef(settings.public_address + "sparql")
        select = str(told.value(example, SH.select))
        assert not select.startswith("#+")
        prepareQuery(select)
        assert graph.store.select(select).variables


def test_the_known_prefixes_are_declared(descriptions: Descriptions) -> None:
    told = parsed(descriptions.service)
    [prefixes] = set(told.objects(None, SH.prefixes))
    assert (prefixes, RDF.type, OWL.Ontology) in told
    declared = {str(told.value(d, SH.prefix)): str(told.value(d, SH.namespace)) for d in told.objects(prefixes, SH.declare)}
    assert declared == PREFIXES


# All of them, over HTTP


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_says_the_same_without_blank_nodes(descriptions: Descriptions, kind: str) -> None:
    wanted = set(parsed(getattr(descriptions, kind)))
    for name in GRAPHS:
        found = parsed(descriptions.answer(kind, Format(name)), name)  # type: ignore[arg-type]
        assert set(found) == wanted
        assert not any(isinstance(term, rdflib.BNode) for triple in found for term in triple)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_release_gives_the_same_bytes(graph: Graph, settings: Settings, kind: str) -> None:
    first, second = (described(graph, settings).answer(kind, Format("ttl")) for _ in range(2))  # type: ignore[arg-type]
    assert first == second


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void", "/sparql"])
@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("application/n-triples", "application/n-triples"),
    ],
)
def test_it_is_negotiated(client: TestClient, path: str, accept: str, media: str) -> None:
    response = client.get(path, headers={"accept": accept})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media
    assert "accept" in response.headers["vary"].lower()
    assert len(rdflib.Graph().parse(data=response.content, format=media)) > 100


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_a_format_can_be_named_and_is_turtle_otherwise(client: TestClient, path: str) -> None:
    for name in GRAPHS:
        response = client.get(path, params={"format": name}, headers={"accept": "text/turtle"})
        assert response.headers["content-type"].partition(";")[0] == Format(name).media_type
    assert client.get(path).headers["content-type"].startswith("text/turtle")
    for refused in (client.get(path, params={"format": "csv"}), client.get(path, headers={"accept": "image/png"})):
        assert refused.status_code == 406
        assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void"])
def test_it_is_sent_once(client: TestClient, path: str) -> None:
    first = client.get(path)
    for given in (first.headers["etag"], f'"annan", W/{first.headers["etag"]}', "*"):
        again = client.get(path, headers={"if-none-match": given})
        assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, headers={"if-none-match": '"annan"'}).status_code == 200
    assert client.get(path, params={"format": "rdf"}).headers["etag"] != first.headers["etag"]
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]
