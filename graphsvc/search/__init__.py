"""Names: an embedded full-text index of everything that has one, searched by what people type and read in sentences."""
