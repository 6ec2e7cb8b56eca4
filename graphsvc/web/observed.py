"""What is noted of a request while it is answered, for the access log and the metrics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Observed:
    """`query` is a digest, never the text; `outcome` is ok, cached, unchanged, or the name of what went wrong."""

    status: int = 0
    bytes: int = 0
    rows: int | None = None
    query: str | None = None
    format: str | None = None
    outcome: str = "ok"
    started: bool = False
