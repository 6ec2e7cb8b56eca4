"""The cases that stand beside the queries: what each is given, and what its answer has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent


def stems_of(kind: str) -> list[str]:
    """The names of the queries of a kind (a folder of queries/)."""
    return sorted(path.stem for path in (ROOT / "queries" / kind).glob("*.rq"))


def cases_of(kind: str) -> list[tuple[str, int, dict[str, Any]]]:
    """The cases of the queries of a kind: the query's name, which of its cases it is, and the case."""
    paths = sorted((ROOT / "tests" / "queries" / kind).glob("*.yaml"))
    return [(path.stem, n, case) for path in paths for n, case in enumerate(yaml.safe_load(path.read_text("utf-8")))]
