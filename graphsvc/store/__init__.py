"""Where the graph is kept and queried: the embedded engine, and the workers that answer public queries."""
