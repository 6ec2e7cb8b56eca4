"""All settings, as plain values from one place: the environment (STYRGRAF_…), overridden by the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

_PACKAGE = Path(__file__).parent
_REST_OF_IRI = r'[^\x00-\x20<>"{}|^`\\]+'  # what a SPARQL IRI may hold (SPARQL 1.1 §19.8, IRIREF)
_WEB = rf"https?://(?![/?#:]){_REST_OF_IRI}"
_ABSOLUTE = {
    "public_address": (rf"{_WEB}(?<![?#])", "en absolut adress, till exempel https://data.example.se/"),
    "publisher": (rf"(?:{_WEB}|urn:{_REST_OF_IRI})", "en absolut IRI, till exempel https://example.se/id/organisation"),
    "publisher_type": (rf"(?:{_WEB}|urn:{_REST_OF_IRI})", "en absolut IRI ur en kodlista"),
    "contact": (
        rf"(?:mailto:[^@\s/]+@{_REST_OF_IRI}|{_WEB}|)",
        "en adress, till exempel mailto:registrator@example.se eller https://example.se/kontakt",
    ),
}


def _content_root() -> Path:
    """The folder with ontology/, data/, shapes/ and queries/: inside an installed package, or the checkout around it."""
    installed = _PACKAGE / "content"
    return installed if installed.is_dir() else _PACKAGE.parent


@dataclass(frozen=True)
class Settings:
    """Where the content and the releases are, and how the service behaves.

    Times are in seconds, sizes in bytes. `public_address` (an IRI that ends in /) is where others reach the service;
    `publisher` (an IRI), its name and type, and `contact` (a mailto: or https: address, or empty) are told in the catalogue.

    `endpoint` (an address, or empty) is a remote SPARQL 1.1 store that holds the releases instead of the workspace;
    `update_endpoint` and `graph_store` are where it is written, where they differ; `user` and `password` are sent to it
    as `auth` (basic or digest) says, and never told; at most `endpoint_connections` public queries run there at once.
    """

    content: Path = field(default_factory=_content_root)
    workspace: Path = field(default_factory=lambda: user_cache_path("styrgraf"))
    texts: Path | None = None
    public_address: str = "http://127.0.0.1:8000/"
    publisher: str = "https://w3id.org/styrgraf/id/publisher"
    publisher_name: str = "Styrgraf"
    publisher_type: str = "http://purl.org/adms/publishertype/NonProfitOrganisation"
    contact: str = ""
    query_seconds: float = 10.0
    query_quick_seconds: float = 0.1
    query_workers: int = 4
    heavy_workers: int = 8
    query_queue: int = 64
    query_memory: int = 512 << 20
    answer_bytes: int = 50 << 20
    answer_rows: int = 200_000
    transfer_seconds: float = 120.0
    cache_bytes: int = 64 << 20
    rate_limit: float = 50.0
    metrics_token: str = field(default="", repr=False)
    access_log: str = "-"
    web_workers: int = 1
    request_bytes: int = 1 << 20
    endpoint: str = field(default="", repr=False)  # an address may hold a key
    update_endpoint: str = field(default="", repr=False)
    graph_store: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    auth: str = "basic"
    load_seconds: float = 600.0
    endpoint_connections: int = 16

    @classmethod
    def from_environment(cls) -> Settings:
        """Settings with every STYRGRAF_<NAME> of the environment applied; ValueError names a bad one."""
        given: dict[str, object] = {}
        for name, known in cls.__dataclass_fields__.items():
            text = os.environ.get(f"STYRGRAF_{name.upper()}")
            if text is None:
                continue
            convert = {"float": float, "int": int, "str": str}.get(str(known.type), Path)
            try:
                given[name] = convert(text)
            except ValueError:
                raise ValueError(f"STYRGRAF_{name.upper()} ska vara av typen {known.type}, inte ”{text}”.") from None
        settings = cls(**given)  # type: ignore[arg-type]
        for fault in settings.faults():
            raise ValueError(fault)
        return settings

    def faults(self) -> Iterator[str]:
        """What cannot be used of the addresses that the catalogue tells, each with its variable and the way out."""
        for name, (pattern, wanted) in _ABSOLUTE.items():
            value = getattr(self, name)
            if not re.fullmatch(pattern, value):
                yield f"STYRGRAF_{name.upper()} ska vara {wanted}, inte ”{value}”."

    def to_environment(self) -> dict[str, str]:
        """The environment that `from_environment` reads these settings from."""
        given = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {f"STYRGRAF_{name.upper()}": str(value) for name, value in given.items() if value is not None}
