"""What the service counts, in the text format of Prometheus (version 0.0.4)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_ROUTES = ("/sparql", "/api", "/id", "/ns", "/catalog", "/data", "/diagrams", "/remiss", "/fraga", "/aktor", "/dokument")


class Metrics:
    """Counts of requests by route, status and outcome, and how long they took."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int, str]] = Counter()
        self._durations: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    def count(self, path: str, status: int, outcome: str, seconds: float, size: int) -> None:
        """One request was answered."""
        route = route_of(path)
        self._requests[route, status, outcome] += 1
        self._durations.setdefault(route, [0] * (len(_BOUNDS) + 1))[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[route] += seconds  # type: ignore[assignment]
        self._bytes[route] += size

    def text(self, gauges: Mapping[str, float]) -> str:
        """All of it, with `gauges` (name to value) as they are now."""
        lines = ["# TYPE styrgraf_requests_total counter"]
        for (route, status, outcome), number in sorted(self._requests.items()):
            lines.append(f'styrgraf_requests_total{{route="{route}",status="{status}",outcome="{outcome}"}} {number}')
        lines.append("# TYPE styrgraf_response_bytes_total counter")
        lines += [f'styrgraf_response_bytes_total{{route="{route}"}} {size}' for route, size in sorted(self._bytes.items())]
        lines.append("# TYPE styrgraf_request_seconds histogram")
        for route in sorted(self._durations):
            lines += self._histogram(route)
        for name, value in sorted(gauges.items()):
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# TYPE styrgraf_{name} {kind}", f"styrgraf_{name} {value:g}"]
        return "\n".join(lines) + "\n"

    def _histogram(self, route: str) -> Iterable[str]:
        total = 0
        for bound, number in zip((*_BOUNDS, "+Inf"), self._durations[route], strict=True):
            total += number
            yield f'styrgraf_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}'
        yield f'styrgraf_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}'
        yield f'styrgraf_request_seconds_count{{route="{route}"}} {total}'


@lru_cache(maxsize=1024)
def route_of(path: str) -> str:
    """The part of the service that `path` belongs to; there are few of them, whatever people ask for."""
    return next((route for route in _ROUTES if path == route or path.startswith((route + "/", route + "."))), "other")
