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
            "rdfxml": "rdf", "rdf+xml": "rdf", "n3": "ttl", "application/json": "json", "application/xml": "xml",
            "text/plain": "nt"}  # fmt: skip
_OF_GRAPHS = {"xml": "rdf", "json": "jsonld"}  # clients that name the format before they know what the query gives
RESULTS = ("json", "xml", "csv", "tsv")
GRAPHS = ("ttl", "nt", "rdf", "jsonld")
DATASETS = ("nq", "trig")
_ALSO_RESULTS = {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
_ALSO_GRAPHS = {"application/json": "jsonld", "application/xml": "rdf", "text/xml": "rdf", "text/plain": "nt"}


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
    if name not in among and key not in by_media_type:
        name = _OF_GRAPHS.get(name, name)
    if name not in among:
        raise UnknownFormat(text, among)
    return Format(name)


def offered(kind: str) -> dict[str, Format]:
    """What the answer to a query of `kind` (select, ask or construct) is offered as: media type to format, best first."""
    return _OFFERED["construct" if kind == "construct" else "select"]


_OFFERED = {
    "select": {_MEDIA_TYPES[name]: Format(name) for name in RESULTS}
    | {media: Format(name) for media, name in _ALSO_RESULTS.items()},
    "construct": {_MEDIA_TYPES[name]: Format(name) for name in GRAPHS + DATASETS}
    | {media: Format(name) for media, name in _ALSO_GRAPHS.items()},
}


def for_answer(kind: str, text: str | None) -> Format:
    """The format for the answer to a query of `kind` (select, ask or construct): the one `text` names, or the usual."""
    return named(text or "ttl", GRAPHS) if kind == "construct" else named(text or "json", RESULTS)
