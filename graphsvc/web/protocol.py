"""HTTP/1.1 read strictly: the fast parser of uvicorn, with the limits that it lacks.

The parser (llhttp) refuses what is ambiguous (two lengths, a length beside chunks, a bare line feed); it has no limit on how
long or how slow the head of a request may be, how slowly a response is read or how many connections a client has, and lets a
request without Host through.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from graphsvc.web.cache import lines_of
from graphsvc.web.limits import client_of
from graphsvc.web.operation import Operation

_MOST_HEAD_BYTES = 64 << 10
_MOST_HEADERS = 100
_HEAD_SECONDS, _STALL_SECONDS = 20.0, 20.0
_LONGEST_KNOWN = 8 << 10
_MOST_OF_CLIENT = 200


class StrictHttp(HttpToolsProtocol):
    """A connection. What is no proper request gets 400, 408 or 431, and the connection is closed; so is one too many of a
    client (other than this machine), and one whose client takes nothing of what it is sent.

    Two short cuts for the hot path: a request that came before, letter for letter, is answered before it is parsed; and
    `write_whole` in the scope of a request writes a whole response at once.
    """

    _connections_of: ClassVar[Counter[str]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._between, self._in_head, self._head_bytes, self._completed = True, True, 0, 0
        self._refusal = HTTPStatus.BAD_REQUEST
        self._head_timer: asyncio.TimerHandle | None = None
        self._send_timer: asyncio.TimerHandle | None = None
        self._who, self._seen = "", 0.0
        self._application = getattr(self.app, "app", self.app)  # without the layer that uvicorn puts around it
        self._operation: Operation | None = getattr(self._application, "outermost", None)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._who = client_of(self.client[0] if self.client else "")
        self._connections_of[self._who] += 1
        if self._who and self._connections_of[self._who] > _MOST_OF_CLIENT:
            transport.abort()
        self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections_of[self._who] -= 1
        if not self._connections_of[self._who]:
            del self._connections_of[self._who]
        self._stop_timer()
        super().connection_lost(exc)
        self._stop_send_timer()

    def pause_writing(self) -> None:
        """Wait for the client to take what it was sent, but not for ever."""
        super().pause_writing()
        seconds = min(_STALL_SECONDS, self._application.state.settings.transfer_seconds)
        self._send_timer = self.loop.call_later(seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client has taken what it was sent."""
        super().resume_writing()
        self._stop_send_timer()

    def data_received(self, data: bytes) -> None:
        between, self._completed = self._between, 0
        if between and self._again(data):
            return
        super().data_received(data)
        if self._between and self._completed:
            self._head_bytes = 0
            if between and self._completed == 1 and len(data) <= _LONGEST_KNOWN:
                self._may_be_known(data)
        elif self._in_head and not self.transport.is_closing():
            self._head_bytes += 0 if self._completed else len(data)
            if self._head_bytes > _MOST_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            elif self._head_timer is None:
                self._head_timer = self.loop.call_later(_HEAD_SECONDS, self._too_slow)

    def on_message_begin(self) -> None:
        self._between = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_head, self._head_bytes = False, 0
        self._stop_timer()
        size, hosts = len(self.url), 0
        for name, value in self.headers:
            size += len(name) + len(value)
            hosts += name == b"host"
        if size > _MOST_HEAD_BYTES or len(self.headers) > _MOST_HEADERS:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise ValueError("the head is too long")
        if hosts != 1 and self.parser.get_http_version() == "1.1":
            raise ValueError("a request needs one Host (RFC 9112 §3.2)")
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head = self._between = True
        self._completed += 1

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser, or a check above, did not accept."""
        self._refuse(self._refusal)

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which nothing was asked for a while; what `_again` answered counts too."""
        left = self._seen + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.scope["write_whole"] = partial(self._write_whole, cycle)  # type: ignore[typeddict-unknown-key]
        super()._start_asgi_task(cycle, app)

    def _write_whole(self, cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> bool:
        """Write a response, its head without what every response has; False where it cannot be done at once."""
        if cycle.response_started or cycle.disconnected or self.flow.write_paused:
            return False
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        self.transport.write(b"".join((STATUS_LINE[status], self._standing(), head, end, body)))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return True

    def _may_be_known(self, data: bytes) -> None:
        """Tell who answers that `data` is all of the request, where the same answer may be given to the same again."""
        cycle = self.cycle
        usual = cycle.scope["method"] == "GET" and cycle.keep_alive and not cycle.waiting_for_100_continue
        if usual and b"forwarded" not in data.lower():  # whom a proxy asks for decides how often it may
            cycle.scope["letters"] = data  # type: ignore[typeddict-unknown-key]

    def _again(self, data: bytes) -> bool:
        """Answer a request that came before, letter for letter, if it may be answered now."""
        if self._operation is None or self.flow.write_paused or self.transport.is_closing():
            return False
        if self.cycle is not None and not self.cycle.response_complete:
            return False
        host = self.client[0] if self.client else ""
        found = self._operation.again(data, host, self._application.state.graph)
        if found is None:
            return False
        head, body = found
        self.transport.write(b"".join((STATUS_LINE[200], self._standing(), head, b"\r\n", body)))
        self.server_state.total_requests += 1
        self._seen = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        if self._head_timer is not None:
            self._stop_timer()
        return True

    def _standing(self) -> bytes:
        """What every response has: the date."""
        return lines_of(self.server_state.default_headers)

    def _too_slow(self) -> None:
        if self._in_head and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        self.transport.write(head.encode())
        self.transport.close()

    def _stop_send_timer(self) -> None:
        if self._send_timer is not None:
            self._send_timer.cancel()
            self._send_timer = None

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
