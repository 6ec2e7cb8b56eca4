"""Reads a request of the SPARQL 1.1 Protocol (§2.1): by GET, by POSTed form, or POSTed directly."""

from __future__ import annotations

import asyncio
import re
from binascii import a2b_qp
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from urllib.parse import unquote_to_bytes

from starlette.types import Receive, Scope

from graphsvc.errors import BadInput
from graphsvc.store.public_query import RdfDataset
from graphsvc.terms import Iri
from graphsvc.web.errors import Refused

FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
METHODS = "GET, HEAD, POST, OPTIONS"
_MOST_PARAMETERS = 200
_BODY_SECONDS = 30.0
_STRAY_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UPDATE_PARAMETERS = ("update", "using-graph-uri", "using-named-graph-uri")
_READ_ONLY = ("Tjänsten kan bara läsas; uppdateringar tas inte emot.", "The service is read-only; it takes no updates.")
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """What a request asks: the query (None: it has none), the format it names, and the dataset it names."""

    query: str | None
    format: str | None
    dataset: RdfDataset | None


async def read_request(scope: Scope, receive: Receive, most_bytes: int) -> SparqlRequest:
    """The request; BadInput or Refused (405, 413, 415) where the protocol does not know it."""
    method = scope["method"]
    in_address = _pairs(scope["query_string"])
    if method in ("GET", "HEAD"):
        return _asked(in_address)
    if method != "POST":
        raise Refused(
            405,
            "method-not-allowed",
            f"{method} kan inte användas här.",
            f"{method} cannot be used here.",
            {"Allow": METHODS},
        )
    media = _media_type(scope)
    body = await _body(scope, receive, most_bytes)
    if media == FORM:
        _refuse_update(in_address)
        asked = _asked(_pairs(body))
        if asked.query is None:
            raise BadInput("Parametern query saknas i formuläret.", "The parameter query is missing in the form.")
        return asked
    if any(name == "query" for name, _ in in_address):
        raise BadInput(
            "Frågan står både i adressen och i innehållet. Skicka en fråga åt gången.",
            "The query is both in the address and in the body. Send one query at a time.",
        )
    return _asked([*in_address, ("query", _text(body))])


def _asked(pairs: Pairs) -> SparqlRequest:
    _refuse_update(pairs)
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        number = len(queries)
        raise BadInput(
            f"Det står {number} frågor i anropet. Skicka en åt gången.",
            f"There are {number} queries in the request. Send one at a time.",
        )
    if queries and not queries[0].strip():
        raise BadInput("Frågan är tom: skicka en SPARQL-fråga.", "The query is empty: send a SPARQL query.")
    default, named = ([v for name, v in pairs if name == f"{kind}-graph-uri"] for kind in ("default", "named"))
    dataset = RdfDataset(_iris(default), _iris(named)) if default or named else None
    form = next((value for name, value in pairs if name == "format"), None)
    return SparqlRequest(queries[0] if queries else None, form or None, dataset)


def _refuse_update(pairs: Pairs) -> None:
    if any(name in _UPDATE_PARAMETERS for name, _ in pairs):
        raise BadInput(*_READ_ONLY)


def _iris(texts: Sequence[str]) -> tuple[str, ...]:
    for text in texts:
        try:
            Iri(text).sparql()
        except ValueError:
            raise _no_iri(text) from None
        if ":" not in text:
            raise _no_iri(text)
    return tuple(texts)


def _no_iri(text: str) -> BadInput:
    return BadInput(
        f"”{text[:200]}” är ingen hel IRI. Ange en graf med dess hela adress.",
        f"“{text[:200]}” is no whole IRI. Give a graph by its whole address.",
    )


def _pairs(data: bytes) -> Pairs:
    """The parameters of a form or an address, percent-decoded once (URL Standard §5.1); BadInput if they are not UTF-8."""
    if not data:
        return []
    fields = data.split(b"&")
    if len(fields) > _MOST_PARAMETERS:
        most = _MOST_PARAMETERS
        raise BadInput(f"Anropet har fler än {most} parametrar.", f"The request has more than {most} parameters.")
    try:
        return [(_decoded(name), _decoded(value)) for name, _, value in (field.partition(b"=") for field in fields if field)]
    except UnicodeDecodeError:
        raise BadInput("Anropet är inte UTF-8.", "The request is not UTF-8.") from None


def _decoded(text: bytes) -> str:
    """`text` with + as space and each %XX as its byte; a % that begins nothing stays.

    Quoted-printable differs only in its sign, and is decoded without a loop in Python.
    """
    text = text.replace(b"+", b" ")
    if b"%" not in text:
        return text.decode()
    if _STRAY_PERCENT.search(text):
        return unquote_to_bytes(text).decode()
    return a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"=")).decode()


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadInput("Frågan är inte UTF-8.", "The query is not UTF-8.") from None


def _media_type(scope: Scope) -> str:
    """The media type of the body, one of the two that the protocol has; Refused (415) for others and other charsets."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"content-type"]
    header = Message()
    header["content-type"] = given[0] if len(given) == 1 else "application/octet-stream"
    media = header.get_content_type()
    if media == UPDATE:
        raise _unsupported(*_READ_ONLY)
    if media not in (FORM, DIRECT):
        raise _unsupported(f"Skicka frågan som {DIRECT} eller {FORM}.", f"Send the query as {DIRECT} or {FORM}.")
    if str(header.get_param("charset", "utf-8")).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise _unsupported("Skicka frågan som UTF-8.", "Send the query as UTF-8.")
    if any(name == b"content-encoding" and value.strip().lower() != b"identity" for name, value in scope["headers"]):
        raise _unsupported("Skicka frågan okomprimerad.", "Send the query uncompressed.")
    return media


def _unsupported(swedish: str, english: str) -> Refused:
    return Refused(415, "unsupported-media-type", swedish, english, {"Accept-Post": f"{DIRECT}, {FORM}"})


async def _body(scope: Scope, receive: Receive, most: int) -> bytes:
    """The whole body; Refused (413) as soon as it is known to be larger than `most`."""
    too_large = Refused(413, "too-large", f"Anropet är större än {most} byte.", f"The request is larger than {most} bytes.")
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if length.isdigit() and int(length) > most:
        raise too_large
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await _received(receive, most, too_large)
    except TimeoutError:
        detail = ("Anropet kom inte fram i tid.", "The request did not come in time.")
        raise Refused(408, "too-slow", *detail, {"Connection": "close"}) from None


async def _received(receive: Receive, most: int, too_large: Refused) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadInput("Anropet avbröts.", "The request was broken off.")
        body += message.get("body", b"")
        if len(body) > most:
            raise too_large
        if not message.get("more_body"):
            return bytes(body)
