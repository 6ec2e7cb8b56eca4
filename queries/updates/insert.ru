#+ title: Some triples (one a line, in place of the last comment) put into a graph
INSERT DATA { GRAPH <https://w3id.org/styrgraf/graph/release/0> {
# triples
} }
