#+ title: A graph removed
DROP SILENT GRAPH <https://w3id.org/styrgraf/graph/release/0>
