"""The embedded engine: the only home of pyoxigraph."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from graphsvc.errors import AnswerTooLarge, BadFile, BadQuery, QueryRefused
from graphsvc.formats import Format
from graphsvc.namespaces import DCAT, PREFIXES, RDF, STYR
from graphsvc.store.guard import tokens_only
from graphsvc.store.interface import Table
from graphsvc.store.public_query import PublicQuery, RdfDataset
from graphsvc.terms import from_json

_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_TYPE = ox.NamedNode(RDF + "type")
_GRAPH_CLASSES = {ox.NamedNode(iri) for iri in (STYR + "SourceText", STYR + "Register", DCAT + "Dataset")}
_RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}
_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


class EmbeddedStore:
    """A set of quads with SPARQL: in memory, or on disk (written once, then read-only)."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def create(cls, path: Path | None = None) -> EmbeddedStore:
        """An empty writable store, on disk at `path` or in memory."""
        return cls(ox.Store(str(path)) if path else ox.Store())

    @classmethod
    def open(cls, path: Path) -> EmbeddedStore:
        """The store at `path`, read-only, so that several processes may read it."""
        return cls(ox.Store.read_only(str(path)))

    def load(self, path: Path, graph: str | None) -> int:
        """Read the Turtle file at `path` into a named graph (None: the default graph); the number of its triples.

        BadFile where it is not UTF-8 or not Turtle, with the line.
        """
        quads = [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph) if graph else ox.DefaultGraph())
                 for t in parse_turtle(path)]  # fmt: skip
        self._store.extend(quads)
        return len(quads)

    def load_declared(self, path: Path, *, stem_is_slug: bool) -> int:
        """Read the Turtle file at `path` into the graph named by the one source text, register or dataset it describes.

        The number of its triples; BadFile also where it describes none or several, or (`stem_is_slug`) one that is not
        called as the file is.
        """
        triples = list(parse_turtle(path))
        named = {t.subject.value for t in triples
                 if t.predicate == _TYPE and t.object in _GRAPH_CLASSES and isinstance(t.subject, ox.NamedNode)}  # fmt: skip
        if len(named) != 1:
            detail = f"Filen beskriver {len(named)} källor; den ska beskriva en."
            raise BadFile(path, detail, "Ge den en styr:SourceText (eller styr:Register, dcat:Dataset).")
        graph = named.pop()
        if stem_is_slug and not graph.endswith("/" + path.stem):
            detail = f"Källan heter {graph} men filen {path.name}."
            raise BadFile(path, detail, "Ge källans adress och filen samma namn.")
        self._store.extend([ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for t in triples])
        return len(triples)

    def load_ntriples(self, data: bytes, graph: str | None = None) -> None:
        """Add N-Triples to a named graph, or to the default graph."""
        self._store.load(data, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(graph) if graph else None)

    def merge_graphs(self) -> None:
        """Copy every named graph into the default graph, without duplicates."""
        default = ox.DefaultGraph()
        self._store.extend([ox.Quad(q.subject, q.predicate, q.object, default) for q in self._store])

    def derive(self, query: str) -> int:
        """Add what a CONSTRUCT gives to the default graph; the number of triples that were new."""
        before = len(self._store)
        default = ox.DefaultGraph()
        triples = self._query(query)
        if not isinstance(triples, ox.QueryTriples):
            raise BadQuery("frågan ska vara en CONSTRUCT", english="the query must be a CONSTRUCT")
        self._store.extend([ox.Quad(t.subject, t.predicate, t.object, default) for t in list(triples)])
        return len(self._store) - before

    def optimize(self) -> None:
        """Flush and compact an on-disk store before it is read."""
        self._store.flush()
        self._store.optimize()

    def __len__(self) -> int:
        return len(self._store)

    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""
        return sorted(str(g.value) for g in self._store.named_graphs())

    def select(self, query: str) -> Table:
        """Run a SELECT; BadQuery if it cannot be parsed."""
        document = json.loads(self.answer(query, Format("json")))
        rows = [{name: from_json(term) for name, term in row.items()} for row in document["results"]["bindings"]]
        return Table(document["head"].get("vars", []), rows)

    def construct(self, query: str) -> bytes:
        """Run a CONSTRUCT or DESCRIBE; what it gives as N-Triples."""
        return self.answer(query, Format("nt"))

    @staticmethod
    def kind(query: str) -> str:
        """`select`, `ask` or `construct` (also for DESCRIBE): what answering `query` gives, found by its form."""
        match = re.search(r"(?<![\w:?$-])(select|ask|construct|describe)(?![\w:-])", tokens_only(query), re.IGNORECASE)
        word = match.group(1).lower() if match else "select"
        return "construct" if word == "describe" else word

    def answer(self, query: str, format: Format, most_bytes: int | None = None) -> bytes:
        """Run any query and serialise the answer; BadQuery if it cannot be parsed, AnswerTooLarge past `most_bytes`."""
        result = self._query(query)
        out = _Bounded(most_bytes)
        if isinstance(result, ox.QueryTriples):
            chosen = _RDF.get(format.name, ox.RdfFormat.TURTLE)
            prefixes = PREFIXES if chosen in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG) else None
            ox.serialize(result, out, chosen, prefixes=prefixes)
        else:
            result.serialize(out, _RESULTS.get(format.name, ox.QueryResultsFormat.JSON))
        return out.getvalue()

    def write_answer(self, query: PublicQuery, out: IO[bytes], most_triples: int) -> tuple[int, bool] | None:
        """Write the answer to a public query to `out` as it is found.

        For triples their number, at most `most_triples`, and whether there were more; None for solutions, whose number
        `query.limited` bounds. BadQuery, QueryRefused where the answer does not fit the format, and what `out` raises.
        """
        result = self._public(query)
        if not isinstance(result, ox.QueryTriples):
            if query.format.name not in _RESULTS:
                raise QueryRefused(
                    "Frågan ger rader, inte tripplar. Välj json, xml, csv eller tsv.",
                    "The query gives rows, not triples. Choose json, xml, csv or tsv.",
                )
            result.serialize(out, _RESULTS[query.format.name])
            return None
        if query.format.name not in _RDF:
            raise QueryRefused(
                "Frågan ger tripplar, inte rader. Välj ttl, nt, rdf, jsonld, nq eller trig.",
                "The query gives triples, not rows. Choose ttl, nt, rdf, jsonld, nq or trig.",
            )
        chosen, triples = _RDF[query.format.name], _Most(result, most_triples)
        statements: Iterable[ox.Triple] | Iterable[ox.Quad] = triples
        if chosen.supports_datasets and query.format.name != "jsonld":
            statements = (ox.Quad(t.subject, t.predicate, t.object) for t in triples)
        prefixes = PREFIXES if query.format.name in ("ttl", "trig") else None
        ox.serialize(statements, out, chosen, prefixes=prefixes)
        return triples.number, triples.more

    def _public(self, query: PublicQuery) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if query.limited is not None:
            try:
                return self._query(query.limited, query.dataset)
            except BadQuery:
                pass  # so that the complaint, with its line and column, is about the query as it was written
        return self._query(query.text, query.dataset)

    def dump_default(self, out: IO[bytes]) -> None:
        """Write the default graph to `out` as N-Triples, a line a triple."""
        self._store.dump(out, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())

    def dump(self, out: IO[bytes], format: Format) -> None:
        """Write all graphs to `out` as N-Quads or TriG."""
        self._store.dump(out, _RDF[format.name], prefixes=PREFIXES if format.name == "trig" else None)

    def _query(self, query: str, dataset: RdfDataset | None = None) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._evaluated(query, dataset, None)
        except SyntaxError as error:
            refusal = str(error)  # its text alone: the error would keep this frame, and its caller's solutions, for later
        # prefixes are looked for only here, since to look costs every query, and each that is given costs the engine
        missing = {name: namespace for name, namespace in PREFIXES.items()
                   if f"{name}:" in query and f"PREFIX {name}:" not in query}  # fmt: skip
        try:
            if missing:
                return self._evaluated(query, dataset, missing)
        except SyntaxError as error:
            refusal = str(error)
        match = _AT.search(refusal)
        raise BadQuery(match[3], int(match[1]), int(match[2])) if match else BadQuery(refusal)

    def _evaluated(
        self, query: str, dataset: RdfDataset | None, prefixes: dict[str, str] | None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        if dataset is None:
            return self._store.query(query, prefixes=prefixes)
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(iri) for iri in dataset.default]
        named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in dataset.named]
        return self._store.query(query, prefixes=prefixes, default_graph=default, named_graphs=named)


class _Most:
    """The first `most` of some triples: how many were given, and whether there were more."""

    def __init__(self, triples: Iterator[ox.Triple], most: int) -> None:
        self._triples, self._most = triples, most
        self.number, self.more = 0, False

    def __iter__(self) -> Iterator[ox.Triple]:
        for triple in self._triples:
            if self.number == self._most:
                self.more = True
                return
            self.number += 1
            yield triple


class _Bounded(io.BytesIO):
    """Bytes that refuse to grow past a limit."""

    def __init__(self, most: int | None) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any, /) -> int:
        written = super().write(data)
        if self._most is not None and self.tell() > self._most:
            raise AnswerTooLarge(f"Svaret är större än {self._most} byte.", f"The answer is larger than {self._most} bytes.")
        return written


def rewritten(data: bytes, source: Format, target: Format, most_bytes: int | None = None) -> bytes:
    """An answer in the format `source` as another of the same kind; ValueError unless it is whole and well-formed.

    AnswerTooLarge past `most_bytes`.
    """
    out = _Bounded(most_bytes)
    try:
        if source.name in _RESULTS:
            answer = ox.parse_query_results(data, format=_RESULTS[source.name])
            answer.serialize(out, _RESULTS[target.name])
        else:
            prefixes = PREFIXES if target.name in ("ttl", "trig") else None
            ox.serialize(ox.parse(data, _RDF[source.name]), out, _RDF[target.name], prefixes=prefixes)
    except SyntaxError as error:
        raise ValueError(error.msg or str(error)) from None
    return out.getvalue()


def parse_turtle(path: Path) -> Iterator[ox.Triple]:
    """The triples of the Turtle file at `path`; BadFile where it is not UTF-8 or not Turtle."""
    raw = path.read_bytes()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadFile(path, "Filen är inte UTF-8.", "Spara om den som UTF-8.", line) from None
    try:
        yield from (ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(raw, ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        detail = f"Filen är inte giltig Turtle ({error.msg or error})."
        raise BadFile(path, detail, "Rätta raden och kör igen.", error.lineno) from None
