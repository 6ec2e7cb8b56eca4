"""Sends requests to a remote store and reads whole answers: every way that can go wrong has its error."""

from __future__ import annotations

import base64
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

from graphsvc.errors import (
    AnswerTooLarge,
    BadQuery,
    QueryTimeout,
    RemoteDenied,
    RemoteFailed,
    RemoteGarbled,
    RemoteUnreachable,
)
from graphsvc.settings import Settings

_CHUNK = 1 << 16
_TOLD = 400


@dataclass(frozen=True)
class Endpoint:
    """Where a remote store is: for queries, for updates, and its graph store if it has one; and who asks.

    `auth` is basic or digest. Times are in seconds, sizes in bytes.
    """

    query: str = field(repr=False)  # an address may hold a key
    update: str = field(repr=False)
    graph_store: str | None = field(repr=False)
    user: str | None
    password: str | None = field(repr=False)
    auth: str
    seconds: float
    load_seconds: float
    most_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> Endpoint:
        """The endpoint that the settings name; ValueError where an address or the way of logging in cannot be used."""
        for address in (settings.endpoint, settings.update_endpoint, settings.graph_store):
            _check(address)
        if settings.auth not in ("basic", "digest"):
            raise ValueError(f"STYRGRAF_AUTH ska vara basic eller digest, inte ”{settings.auth}”.")
        update = settings.update_endpoint or _usual_update_address(settings.endpoint)
        return cls(settings.endpoint, update, settings.graph_store or None, settings.user or None, settings.password or None,
                   settings.auth, settings.query_seconds, settings.load_seconds, settings.answer_bytes)  # fmt: skip


@dataclass(frozen=True)
class Reply:
    """A whole answer: its media type, its headers and its body."""

    media_type: str
    headers: Mapping[str, str]
    body: bytes


def shown(address: str) -> str:
    """`address` as it may be told: without its query string, where keys can be."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def send(request: urllib.request.Request, endpoint: Endpoint, seconds: float) -> Reply:
    """The whole answer to `request`, within `seconds`.

    BadQuery (400), RemoteDenied (401, 403), QueryTimeout, RemoteUnreachable, RemoteGarbled where the answer ends early,
    AnswerTooLarge, or RemoteFailed.
    """
    address, deadline = shown(request.full_url), time.monotonic() + seconds
    try:
        with _opener(endpoint, request).open(request, timeout=seconds) as response:
            body = _read(response, deadline, seconds, endpoint.most_bytes)
            return Reply(response.headers.get_content_type(), response.headers, body)
    except urllib.error.HTTPError as error:
        try:
            raise _told(error, address) from None
        finally:
            error.close()  # not by `with`, which refuses one that a login has closed already
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise QueryTimeout(seconds) from None
        raise RemoteUnreachable(address, f"går inte att nå ({error.reason}). Kontrollera adressen.") from None
    except TimeoutError:
        raise QueryTimeout(seconds) from None
    except http.client.IncompleteRead:
        raise RemoteGarbled(address, "avbröt sitt svar. Försök igen.") from None
    except (http.client.HTTPException, OSError) as error:
        raise RemoteUnreachable(address, f"bröt förbindelsen ({type(error).__name__}). Försök igen.") from None
    except ValueError:  # how urllib says that the server wants another way of logging in
        raise RemoteDenied(address, "vill ha inloggning på annat sätt. Ange STYRGRAF_AUTH (basic eller digest).") from None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirected POST would lose its query, and a foreign host would be sent the password."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Digests(urllib.request.HTTPDigestAuthHandler):
    """Logs in by digest, and closes the refusal that asked for it: the library leaves its socket to be collected."""

    def http_error_401(self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any) -> Any:
        with fp:
            return super().http_error_401(req, fp, code, msg, headers)


def _opener(endpoint: Endpoint, request: urllib.request.Request) -> urllib.request.OpenerDirector:
    """A way to send one request, logged in; of its own, since handlers of digests remember what they have tried."""
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if endpoint.user and endpoint.password:
        if endpoint.auth == "digest":
            known = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            known.add_password(None, request.full_url, endpoint.user, endpoint.password)
            digests = _Digests(known)
            if isinstance(request.data, bytes) and len(request.data) > _CHUNK:
                _sign(request, digests, endpoint.seconds)
            handlers.append(digests)
        else:
            secret = base64.b64encode(f"{endpoint.user}:{endpoint.password}".encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {secret}")
    return urllib.request.build_opener(*handlers)


def _sign(request: urllib.request.Request, digests: _Digests, seconds: float) -> None:
    """Log in ahead of a large body: a server that is still to ask for it closes the connection in the middle of one."""
    probe = urllib.request.Request(request.full_url, method="HEAD")
    try:
        urllib.request.build_opener(_NoRedirects()).open(probe, timeout=seconds).close()
    except urllib.error.HTTPError as error:
        error.close()
        scheme, _, challenge = error.headers.get("WWW-Authenticate", "").partition(" ")
        if error.code == 401 and scheme.lower() == "digest":
            asked = urllib.request.parse_keqv_list(urllib.request.parse_http_list(challenge))
            signed = digests.get_authorization(request, asked)
            request.add_unredirected_header("Authorization", f"Digest {signed}")


def _read(response: http.client.HTTPResponse, deadline: float, seconds: float, most_bytes: int) -> bytes:
    body = bytearray()
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > most_bytes:
            raise AnswerTooLarge(
                f"Svaret är större än {most_bytes} byte. Begränsa frågan, till exempel med LIMIT.",
                f"The answer is larger than {most_bytes} bytes. Limit the query, for instance with LIMIT.",
            )
        if time.monotonic() > deadline:
            raise QueryTimeout(seconds)
    if response.length:  # what Content-Length promised and never came
        raise http.client.IncompleteRead(bytes(body), response.length)
    return bytes(body)


def _told(error: urllib.error.HTTPError, address: str) -> Exception:
    """What an answer that is no success means."""
    detail = _beginning(error)
    if error.code == 400:
        return BadQuery(detail or "fjärrlagret avvisade frågan", english=detail or "the remote store refused the query")
    if error.code in (401, 403):
        way_out = "Kontrollera STYRGRAF_USER, STYRGRAF_PASSWORD och STYRGRAF_AUTH (basic eller digest)."
        return RemoteDenied(address, f"nekade ({error.code}). {way_out}")
    if 300 <= error.code < 400:
        target = shown(error.headers.get("Location", "en annan adress"))
        return RemoteFailed(address, f"hänvisar till {target}. Ange den adressen i stället.")
    return RemoteFailed(address, f"svarade {error.code}. {detail}".strip())


def _beginning(error: IO[bytes]) -> str:
    """The first words of the body of an error, without the query that some engines repeat after them."""
    try:
        text = error.read(_TOLD * 4).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    return " ".join(text.partition("SPARQL query:")[0].split())[:_TOLD]


def _check(address: str) -> None:
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise ValueError(f"”{shown(address)}” är ingen adress till ett fjärrlager. Skriv den som http://värd:port/sökväg.")
    if parts.username or parts.password:
        raise ValueError("Skriv inte lösenordet i adressen. Ange STYRGRAF_USER och STYRGRAF_PASSWORD.")


def _usual_update_address(query: str) -> str:
    """Where updates go unless told: beside /query as most servers have it, otherwise to the same address."""
    return query.removesuffix("/query") + "/update" if query.endswith("/query") else query
