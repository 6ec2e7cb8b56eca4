"""The namespaces of the model and of the vocabularies it stands on; the only place where an IRI is written in Python."""

from __future__ import annotations

from typing import Final

STYR: Final = "https://w3id.org/styrgraf/ns#"
ONTOLOGY: Final = "https://w3id.org/styrgraf/ns"
BASE: Final = "https://w3id.org/styrgraf/"
RANK: Final = "https://w3id.org/styrgraf/ns/rank/"
VIEW: Final = "https://w3id.org/styrgraf/ns/view#"
RELEASE_GRAPH: Final = "https://w3id.org/styrgraf/graph/release/"
CURRENT_GRAPH: Final = "https://w3id.org/styrgraf/graph/current"
NO_GRAPH: Final = "https://w3id.org/styrgraf/graph/none"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
OA: Final = "http://www.w3.org/ns/oa#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
DCAT: Final = "http://www.w3.org/ns/dcat#"
SH: Final = "http://www.w3.org/ns/shacl#"

PREFIXES: Final[dict[str, str]] = {
    "styr": STYR,
    "role": "https://w3id.org/styrgraf/ns/role/",
    "rank": RANK,
    "status": "https://w3id.org/styrgraf/ns/status/",
    "position": "https://w3id.org/styrgraf/ns/position/",
    "basis": "https://w3id.org/styrgraf/ns/basis/",
    "via": "https://w3id.org/styrgraf/ns/via/",
    "outcome": "https://w3id.org/styrgraf/ns/outcome/",
    "type": "https://w3id.org/styrgraf/ns/type/",
    "view": VIEW,
    "id": "https://w3id.org/styrgraf/id/",
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "oa": OA,
    "owl": OWL,
    "dcat": DCAT,
    "sh": SH,
    "org": "http://www.w3.org/ns/org#",
    "cv": "http://data.europa.eu/m8g/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
}


def shorten(iri: str) -> str:
    """`iri` as `prefix:name` where a known prefix fits, otherwise unchanged."""
    matches = [(len(ns), prefix, ns) for prefix, ns in PREFIXES.items() if iri.startswith(ns)]
    if not matches:
        return iri
    _, prefix, namespace = max(matches)
    return f"{prefix}:{iri[len(namespace) :]}"
