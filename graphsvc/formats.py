"""The formats that answers come in: their names, media types, file endings and which answers they fit."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.errors import UnknownFormat

_MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "trig": "application/trig",
}
_ALIASES = {"srj": "json", "srx": "xml", "turtle": "ttl", "ntriples": "nt", "nquads": "nq", "json-ld": "jsonld",
            "rdfxml": "rdf", "application/json": "json", "application/xml": "xml", "text/plain": "nt"}  # fmt: skip
RESULTS = ("json", "xml", "csv", "tsv")
GRAPHS = ("ttl", "nt", "rdf", "jsonld")
DATASETS = ("nq", "trig")


@dataclass(frozen=True)
class Format:
    """A format by its short name: json xml csv tsv (solutions), ttl nt rdf jsonld (triples), nq trig (quads)."""

    name: str

    @property
    def media_type(self) -> str:
        """Its media type, as registered with IANA."""
        return _MEDIA_TYPES[self.name]


def named(text: str, among: tuple[str, ...]) -> Format:
    """The format that `text` names, by short name, alias or media type; UnknownFormat if it is none of `among`."""
    key = text.strip().lower()
    by_media_type = {media: name for name, media in _MEDIA_TYPES.items()}
    name = by_media_type.get(key) or _ALIASES.get(key, key)
    if name not in among:
        raise UnknownFormat(text, among)
    return Format(name)


def for_answer(kind: str, text: str | None) -> Format:
    """The format for the answer to a query of `kind` (select, ask or construct): the one `text` names, or the usual."""
    return named(text or "ttl", GRAPHS) if kind == "construct" else named(text or "json", RESULTS)
