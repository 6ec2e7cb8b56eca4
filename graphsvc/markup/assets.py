"""The style sheet, the script and the mark: files that never change under their address, which holds their digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"
_MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file that pages refer to: its name with the digest in it, its media type and its bytes."""

    name: str
    media: str
    body: bytes


@cache
def assets() -> dict[str, Asset]:
    """Every asset, by the name of its file."""
    return {path.name: _asset(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _MEDIA}


@cache
def by_address() -> dict[str, Asset]:
    """Every asset, by its name with the digest in it."""
    return {asset.name: asset for asset in assets().values()}


def address(name: str) -> str:
    """Where the asset in the file `name` is served."""
    return f"/static/{assets()[name].name}"


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{path.stem}-{digest}{path.suffix}", _MEDIA[path.suffix], body)
