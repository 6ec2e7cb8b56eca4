"""What the content's own files define, as graphs: the ontology, the shapes and the findings, each read when asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.formats import Format
from graphsvc.linked.triples import tidy
from graphsvc.namespaces import ONTOLOGY, RDF, RDFS, SH
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Literal, Row, Term, sort_key

_SEVERITIES = {"info": SH + "Info", "warning": SH + "Warning"}


@dataclass(frozen=True)
class Shape:
    """A shape of a file: its IRI, and its name, message and target in the language asked for, where it has them."""

    iri: str
    name: str
    message: str
    targets: tuple[str, ...]


class Definitions:
    """The definitions in the files of `content`."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._written: dict[tuple[str, str], bytes] = {}

    def ontology(self, format: Format) -> bytes:
        """The whole ontology, serialised."""
        return self._write("", self._content.ontology, format)

    @cached_property
    def terms(self) -> EmbeddedStore:
        """The ontology alone, for what asks about its terms."""
        store = EmbeddedStore.create()
        for path in self._content.ontology:
            store.load(path, None)
        return store

    def has_shapes(self, stem: str) -> bool:
        """Whether there is a file of shapes called `stem`."""
        return stem in self._files

    def shapes(self, stem: str, format: Format) -> bytes:
        """The shapes of the file called `stem`, serialised; KeyError if there is none."""
        return self._write(stem, [self._files[stem]], format)

    def digest_of_shapes(self, stem: str, format: Format | None) -> str:
        """SHA-256 of what `shapes` gives, or of the file itself; KeyError if there is none."""
        data = self.shapes(stem, format) if format else self._files[stem].read_bytes()
        return hashlib.sha256(data).hexdigest()

    def shape_source(self, stem: str) -> str:
        """The file called `stem` as it is written, which is Turtle; KeyError if there is none."""
        return self._files[stem].read_text("utf-8")

    def shape_list(self, stem: str, language: str) -> tuple[Shape, ...]:
        """The named shapes of the file called `stem`, in order of name; KeyError if there is none."""
        rows: dict[str, list[Row]] = {}
        for row in _loaded([self._files[stem]]).select(self._content.lookup("shapes")).rows:
            rows.setdefault(row["shape"].value, []).append(row)
        found = [Shape(iri, _text(told, "name", language), _text(told, "message", language),
                       tuple(sorted({row["target"].value for row in told if "target" in row})))
                 for iri, told in rows.items()]  # fmt: skip
        return tuple(sorted(found, key=lambda shape: sort_key(shape.name or shape.iri)))

    def stem_of(self, iri: str) -> str | None:
        """The stem of the file that defines the shape `iri`, if one does."""
        return self._homes.get(iri)

    @cached_property
    def findings(self) -> EmbeddedStore:
        """What each finding looks for: its title, its message, its severity, and the query that finds it."""
        store = EmbeddedStore.create()
        store.load_ntriples("".join(line for path in self._content.queries("findings") for line in _finding(path)).encode())
        return store

    @cached_property
    def _files(self) -> dict[str, Path]:
        return {path.stem: path for path in sorted((self._content.root / "shapes").glob("*.ttl"))}

    @cached_property
    def _homes(self) -> dict[str, str]:
        query = self._content.lookup("shapes")
        return {row["shape"].value: stem for stem, path in self._files.items() for row in _loaded([path]).select(query).rows}

    def _write(self, stem: str, files: list[Path], format: Format) -> bytes:
        """Kept once written: blank nodes get new labels each time a file is read."""
        key = (stem, format.name)
        if key not in self._written:
            self._written[key] = tidy(_loaded(files).answer(self._content.lookup("all-triples"), format), format)
        return self._written[key]


def _loaded(files: list[Path]) -> EmbeddedStore:
    store = EmbeddedStore.create()
    for path in files:
        store.load(path, None)
    return store


def _text(rows: list[Row], name: str, language: str) -> str:
    texts = {getattr(row[name], "language", ""): row[name].value for row in rows if name in row}
    return texts.get(language) or texts.get("sv") or next(iter(texts.values()), "")


def _finding(path: Path) -> Iterator[str]:
    """A finding as a SHACL shape with a message and a severity, and as the SPARQL query that it is (SHACL §2.1, §5)."""
    header, query = headers.read(path)
    severity = _SEVERITIES.get(header.get("severity", "info"))
    if severity is None:
        raise BadFile(path, f"Allvaret {header['severity']} finns inte.", "Skriv severity: info eller warning.")
    pairs: list[tuple[str, Term]] = [
        (RDF + "type", Iri(SH + "Shape")), (RDF + "type", Iri(SH + "SPARQLSelectExecutable")),
        (RDFS + "isDefinedBy", Iri(ONTOLOGY)), (SH + "severity", Iri(severity)), (SH + "select", Literal(query)),
    ]  # fmt: skip
    for key, predicate in (("title", RDFS + "label"), ("message", SH + "message"), ("advice", RDFS + "comment")):
        pairs += [(predicate, Literal(t, language=tag)) for tag, t in sorted(headers.translated(header, key, path).items())]
    for predicate, value in pairs:
        yield f"<{ONTOLOGY}/finding/{path.stem}> <{predicate}> {value.sparql()} .\n"
