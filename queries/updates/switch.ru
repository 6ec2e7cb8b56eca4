#+ title: Readers sent from the release that they have to another, in one operation
PREFIX dcterms: <http://purl.org/dc/terms/>
DELETE { GRAPH <https://w3id.org/styrgraf/graph/current> { ?pointer dcterms:identifier ?before } }
INSERT { GRAPH <https://w3id.org/styrgraf/graph/current> { ?pointer dcterms:identifier "number" } }
WHERE { GRAPH <https://w3id.org/styrgraf/graph/current> { ?pointer dcterms:identifier ?before } }
