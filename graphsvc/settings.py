"""All settings, as plain values from one place: the environment (STYRGRAF_…), overridden by the command line."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

_PACKAGE = Path(__file__).parent


def _content_root() -> Path:
    """The folder with ontology/, data/, shapes/ and queries/: inside an installed package, or the checkout around it."""
    installed = _PACKAGE / "content"
    return installed if installed.is_dir() else _PACKAGE.parent


@dataclass(frozen=True)
class Settings:
    """Where the content and the releases are, and how the service behaves.

    Times are in seconds, sizes in bytes. `public_address` (an IRI that ends in /) is where others reach the service;
    `publisher` (an IRI), its name and type, and `contact` (a mailto: or https: address, or empty) are told in the catalogue.
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
    query_workers: int = 2
    query_queue: int = 32
    query_memory: int = 1 << 30
    answer_bytes: int = 50 << 20
    request_bytes: int = 1 << 20

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
        return cls(**given)  # type: ignore[arg-type]
