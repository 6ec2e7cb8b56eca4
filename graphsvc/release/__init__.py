"""Releases: content is checked and built into a numbered, immutable release; readers see one whole release."""
