"""Who a client is, and how often one may ask."""

from __future__ import annotations

import time
from collections import OrderedDict
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

_BURST_SECONDS = 4.0
_MOST_CLIENTS = 20_000


@lru_cache(maxsize=4096)
def client_of(host: str) -> str:
    """Whom requests from the address `host` count for: the address, or for IPv6 its network (/64); empty for this machine.

    A connection without an address (a local socket) is from this machine too.
    """
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return client_of(str(address.ipv4_mapped))
        return "" if address.is_loopback else str(IPv6Address(int(address) >> 64 << 64))
    return "" if address.is_loopback else str(address)


class RateLimiter:
    """A token bucket for each client: `rate` requests a second, and four seconds' worth at once; 0 is no limit."""

    def __init__(self, rate: float) -> None:
        self._rate, self._most = rate, max(rate * _BURST_SECONDS, 1.0)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str, now: float | None = None) -> float:
        """How many seconds `client` has to wait before its request is taken; 0 if it is taken now."""
        if not self._rate or not client:
            return 0.0
        now = time.monotonic() if now is None else now
        tokens, then = self._buckets.pop(client, (self._most, now))
        tokens = min(self._most, tokens + (now - then) * self._rate)
        taken = tokens >= 1.0
        self._buckets[client] = (tokens - 1.0 if taken else tokens, now)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (1.0 - tokens) / self._rate
