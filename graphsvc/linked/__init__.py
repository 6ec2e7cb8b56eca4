"""Every IRI described: what is said of it, in which order it is shown, and the same as RDF."""
