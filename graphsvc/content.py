"""The content folder: which files there are, what graph each is, and where a term or thing stands in them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from graphsvc.errors import BadFile


@dataclass(frozen=True)
class Content:
    """The files under `root`: ontology/, data/, shapes/ and queries/."""

    root: Path

    @cached_property
    def ontology(self) -> list[Path]:
        """The ontology's Turtle files."""
        return self._some("ontology", "*.ttl")

    @cached_property
    def data(self) -> list[Path]:
        """The register, the dataset's description and the source texts' files: a file is a named graph."""
        return [*self._some("data", "*.ttl"), *self._some("data/sources", "*.ttl")]

    @cached_property
    def shapes(self) -> list[Path]:
        """The shapes of the data (those of the ontology's own style apart)."""
        return [path for path in self._some("shapes", "*.ttl") if path.stem != "Ontology"]

    def queries(self, kind: str) -> list[Path]:
        """The .rq files of queries/<kind>/, in order of name."""
        return self._some(f"queries/{kind}", "*.rq")

    def lookup(self, name: str) -> str:
        """The text of queries/lookups/<name>.rq."""
        return (self.root / "queries" / "lookups" / f"{name}.rq").read_text("utf-8")

    def positions(self, slug: str) -> Path:
        """Where the positions of the quotations of the source text `slug` are kept."""
        return self.root / "data" / "positions" / f"{slug}.csv"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over every file that a release is built from."""
        total = hashlib.sha256()
        for path in self.all_files():
            total.update(f"{path.relative_to(self.root)}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()

    def all_files(self) -> list[Path]:
        """Every file that a release is built from, in a fixed order."""
        folders = ("derive", "findings", "lookups")
        queries = [path for kind in folders for path in self.queries(kind)]
        positions = sorted((self.root / "data" / "positions").glob("*.csv"))
        return [*self.ontology, *self.data, *positions, *self.shapes, *queries]

    def _some(self, folder: str, pattern: str) -> list[Path]:
        found = sorted((self.root / folder).glob(pattern))
        if not found:
            raise BadFile(self.root / folder, f"Mappen saknar {pattern}.", "Ange rätt mapp i STYRGRAF_CONTENT.")
        return found


def line_of(path: Path, iri: str) -> int | None:
    """The line of the file at `path` where the thing `iri` is first written, as an IRI or a prefixed name."""
    text = path.read_text("utf-8")
    local = re.split(r"[/#]", iri)[-1]
    match = re.search(rf"<{re.escape(iri)}>|(?<![\w-]){re.escape(_prefixed(text, iri))}(?![\w/-])", text)
    if match is None:
        match = re.search(rf":{re.escape(local)}(?![\w/-])", text)
    return text.count("\n", 0, match.start()) + 1 if match else None


def _prefixed(text: str, iri: str) -> str:
    prefixes: Iterable[tuple[str, str]] = re.findall(r"(?i)@?prefix\s+([\w-]*:)\s*<([^>]*)>", text)
    fitting = [
        (len(namespace), prefix + iri[len(namespace) :]) for prefix, namespace in prefixes if iri.startswith(namespace)
    ]
    return max(fitting)[1].replace("/", "\\/") if fitting else iri
