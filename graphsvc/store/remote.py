"""A remote engine, any SPARQL 1.1 store over HTTP: the only home of SPARQLWrapper."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import quote

from SPARQLWrapper import INSERT, POST, SELECT, SPARQLWrapper

from graphsvc.content import Content
from graphsvc.errors import AnswerTooLarge, QueryTimeout, RemoteGarbled, UnknownFormat
from graphsvc.formats import DATASETS, GRAPHS, RESULTS, Format
from graphsvc.namespaces import NO_GRAPH, XSD
from graphsvc.store import query_text
from graphsvc.store.embedded import rewritten
from graphsvc.store.interface import Table
from graphsvc.store.transport import Endpoint, Reply, send, shown
from graphsvc.terms import from_json

_JSON = "application/sparql-results+json"
_TRIPLES = {"application/n-triples": "nt", "text/plain": "nt", "text/turtle": "ttl", "application/rdf+xml": "rdf"}
_WANTED_TRIPLES = "application/n-triples, text/turtle;q=0.8"
_BOOLEANS = {"1": "true", "0": "false"}


class Remote:
    """A remote store: queries over one of its graphs, updates, and whole graphs put into it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    @property
    def address(self) -> str:
        """Where it is, as it may be told."""
        return shown(self.endpoint.query)

    def query(self, text: str, graph: str, accept: str) -> Reply:
        """The answer to a query whose default graph is `graph` and that has no named ones (SPARQL 1.1 Protocol §2.1.4)."""
        call = self._call(text, SELECT)
        call.addParameter("default-graph-uri", graph)
        call.addParameter("named-graph-uri", NO_GRAPH)
        call.addCustomHttpHeader("Accept", accept)
        return send(call.request(), self.endpoint, self.endpoint.seconds)

    def update(self, text: str) -> None:
        """Run an update (SPARQL 1.1 Protocol §2.2)."""
        send(self._call(text, INSERT).request(), self.endpoint, self.endpoint.load_seconds)

    def put(self, graph: str, triples: bytes, *, add: bool) -> None:
        """Make `graph` hold these N-Triples, or add them to it (SPARQL 1.1 Graph Store HTTP Protocol §5.3, §5.5)."""
        joint = "&" if "?" in (self.endpoint.graph_store or "") else "?"
        address = f"{self.endpoint.graph_store}{joint}graph={quote(graph, safe='')}"
        headers = {"Content-Type": "application/n-triples"}
        request = urllib.request.Request(address, triples, headers, method="POST" if add else "PUT")
        send(request, self.endpoint, self.endpoint.load_seconds)

    def _call(self, text: str, form: str) -> _Call:
        call = _Call(self.endpoint.query, self.endpoint.update)
        call.setMethod(POST)
        call.setOnlyConneg(True)
        call.send_as(text, form)
        return call


class _Call(SPARQLWrapper):  # type: ignore[misc, unused-ignore]
    """One request, put together as the protocol says."""

    def send_as(self, text: str, form: str) -> None:
        """Use `text`, a query or an update by its `form`.

        Instead of setQuery, which finds the form by patterns that take quadratic time in blank lines and worse in
        prefixes: a few kilobytes from anybody would stop the service.
        """
        self.queryString, self.queryType = text, form

    def request(self) -> urllib.request.Request:
        """The request, to be sent by our own transport: SPARQLWrapper's has no limit on how long reading may take."""
        return self._createRequest()


class RemoteStore:
    """One release in a remote store; `graph` is the named graph that holds its default graph.

    That nothing is found there is an error when the graph is gone, unless it `may_be_absent`.
    """

    def __init__(self, remote: Remote, graph: str, content: Content, *, may_be_absent: bool = False) -> None:
        self._remote, self._graph, self._content, self._may_be_absent = remote, graph, content, may_be_absent

    def select(self, query: str) -> Table:
        """Run a SELECT; BadQuery if the engine cannot parse it, and every RemoteFailed."""
        document = self._solutions(query)
        rows = [{name: from_json(term) for name, term in row.items()} for row in document["results"]["bindings"]]
        return Table(document["head"].get("vars", []), rows)

    def construct(self, query: str) -> bytes:
        """Run a CONSTRUCT or DESCRIBE; what it gives as N-Triples."""
        return self.answer(query, Format("nt"))

    @staticmethod
    def kind(query: str) -> str:
        """`select`, `ask` or `construct` (also for DESCRIBE); BadQuery if `query` is none of them."""
        form = query_text.form(query)
        return "construct" if form == "describe" else form

    def answer(self, query: str, format: Format, most_bytes: int | None = None) -> bytes:
        """Run any query and serialise the answer here, so that every engine's answers look the same and are known to be
        whole; BadQuery, UnknownFormat where the answer does not fit it, AnswerTooLarge past `most_bytes`,
        and every RemoteFailed."""
        construct = self.kind(query) == "construct"
        fitting = GRAPHS + DATASETS if construct else RESULTS
        if format.name not in fitting:
            raise UnknownFormat(format.name, fitting)
        if construct:
            return self._triples(query, format, most_bytes)
        data = json.dumps(self._solutions(query), ensure_ascii=False).encode()
        return self._rewritten(data, Format("json"), format, most_bytes)

    def _solutions(self, query: str) -> dict[str, Any]:
        """The answer to a SELECT or ASK as canonical SPARQL 1.1 Query Results JSON."""
        kind = self.kind(query)
        reply = self._ask(query, _JSON)
        if reply.media_type not in (_JSON, "application/json"):
            raise RemoteGarbled(self._remote.address, f"svarade med {reply.media_type} i stället för JSON.")
        try:
            document = _canonical(json.loads(reply.body), kind)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RemoteGarbled(self._remote.address, "svarade med trasig JSON. Försök igen.") from None
        rows = document.get("results", {}).get("bindings")
        most = reply.headers.get("X-SPARQL-MaxRows", "")
        if rows and most.isdigit() and len(rows) >= int(most):
            raise _cut(int(most))
        if not rows and not document.get("boolean"):
            self._check_present()
        return document

    def _triples(self, query: str, format: Format, most_bytes: int | None) -> bytes:
        reply = self._ask(query, _WANTED_TRIPLES)
        source = _TRIPLES.get(reply.media_type)
        if source is None:
            raise RemoteGarbled(self._remote.address, f"svarade med {reply.media_type} i stället för tripplar.")
        if not reply.body.strip():
            self._check_present()
        if reply.headers.get("Server", "").startswith("Virtuoso") and query_text.form(query) == "construct":
            self._check_uncut(query)
        return self._rewritten(reply.body, Format(source), format, most_bytes)

    def _ask(self, query: str, accept: str) -> Reply:
        text = query_text.without_open_parameters(query_text.declared(query))
        reply = self._remote.query(text, self._graph, accept)
        if reply.headers.get("X-SQL-State"):  # Virtuoso: the time ran out, and this is what it had found till then
            raise QueryTimeout(self._remote.endpoint.seconds)
        return reply

    def _rewritten(self, data: bytes, source: Format, target: Format, most_bytes: int | None) -> bytes:
        try:
            return rewritten(data, source, target, most_bytes)
        except ValueError as error:
            raise RemoteGarbled(self._remote.address, f"svarade med något trasigt ({error}). Försök igen.") from None

    def _check_present(self) -> None:
        """Nothing was found: RemoteGarbled if that is because the release's graph is no longer there."""
        if self._may_be_absent:
            return
        reply = self._remote.query(self._content.lookup("release-present"), self._graph, _JSON)
        if not _canonical(json.loads(reply.body), "ask")["boolean"]:
            raise RemoteGarbled(self._remote.address, f"har inte kvar {self._graph}. Starta om tjänsten.")

    def _check_uncut(self, query: str) -> None:
        """AnswerTooLarge if a CONSTRUCT may have been cut: Virtuoso says so of a SELECT, but never of a CONSTRUCT."""
        counted = self.select(query_text.counting(query, self._content.lookup("solutions-number")))
        found = int(counted.rows[0]["number"].value)
        reply = self._ask(self._content.lookup("solutions-most"), _JSON)
        most = int(reply.headers.get("X-SPARQL-MaxRows") or len(json.loads(reply.body)["results"]["bindings"]))
        if found >= most:
            raise _cut(most)


def _cut(most: int) -> AnswerTooLarge:
    return AnswerTooLarge(
        f"Fjärrlagret ger högst {most} rader. Begränsa frågan, eller höj lagrets gräns.",
        f"The remote store gives at most {most} rows. Limit the query, or raise the limit of the store.",
    )


def _canonical(document: dict[str, Any], kind: str) -> dict[str, Any]:
    """`document` as the specification writes it; ValueError or KeyError where it is not such an answer.

    Engines differ: Virtuoso gives an ASK as one row or none, writes typed literals by an old name, and true as 1.
    """
    if kind == "ask":
        if isinstance(document.get("boolean"), bool):
            return {"head": {}, "boolean": document["boolean"]}
        told = [value["value"] for row in document["results"]["bindings"] for value in row.values()]
        if told not in ([], ["0"], ["1"]):
            raise ValueError(told)
        return {"head": {}, "boolean": told == ["1"]}
    rows = [{name: _term(term) for name, term in row.items()} for row in document["results"]["bindings"]]
    return {"head": {"vars": list(document["head"]["vars"])}, "results": {"bindings": rows}}


def _term(term: dict[str, str]) -> dict[str, str]:
    if term["type"] == "typed-literal":
        term = term | {"type": "literal"}
    if term.get("datatype") == XSD + "boolean":
        term = term | {"value": _BOOLEANS.get(term["value"], term["value"])}
    if term["type"] not in ("uri", "bnode", "literal"):
        raise ValueError(term["type"])
    return term | {"value": str(term["value"])}
