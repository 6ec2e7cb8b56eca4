"""Builds a release and makes it the current one: a folder with a manifest, switched atomically."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from graphsvc.catalogue.statistics import statistics
from graphsvc.content import Content
from graphsvc.errors import NoRelease, UnsoundData
from graphsvc.formats import DATASETS, Format
from graphsvc.release import addresses
from graphsvc.release.assemble import Progress, derive, load, silent
from graphsvc.release.site import building_site
from graphsvc.search import build as names
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.texts import digest

COUNTED = "void.nt"


@dataclass(frozen=True)
class Manifest:
    """What a release is: its number, when (UTC) and from what it was built, the digest of each
    file, its size and how it was checked."""

    number: int
    created: str
    fingerprint: str
    files: Mapping[str, str]
    counts: Mapping[str, int]
    validation: Mapping[str, int]

    @property
    def name(self) -> str:
        """The release as people cite it: its number and the first eight digits of what it was built from."""
        return f"{self.number}-{self.fingerprint[:8]}"


@dataclass(frozen=True)
class Release:
    """A built release on disk."""

    folder: Path
    manifest: Manifest

    def open(self) -> EmbeddedStore:
        """Its store, read-only."""
        return EmbeddedStore.open(self.folder / "store")

    def counted(self) -> bytes | None:
        """What it holds, as VoID in N-Triples, counted when it was built; None if that was not kept."""
        file = self.folder / COUNTED
        return file.read_bytes() if file.is_file() else None


def current(workspace: Path) -> Release:
    """The release that `workspace` points at; NoRelease if there is none."""
    try:
        folder = workspace / "releases" / (workspace / "current").read_text("utf-8").strip()
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise NoRelease(f"Det finns ingen byggd utgåva i {workspace}. Bygg en med graphsvc build.") from None
    return Release(folder, Manifest(**manifest))


def ensure(content: Content, workspace: Path, progress: Progress = silent) -> Release:
    """The current release if it was built from just this content, otherwise a new one."""
    try:
        release = current(workspace)
    except NoRelease:
        return build(content, workspace, progress)
    return release if release.manifest.fingerprint == content.fingerprint else build(content, workspace, progress)


def build(content: Content, workspace: Path, progress: Progress = silent) -> Release:
    """Build a release from `content` and make it current; UnsoundData or BadFile, and nothing changed, if it is unsound."""
    with building_site(workspace / "releases") as folder:
        store = EmbeddedStore.create(folder / "store")
        sizes = load(store, content, content.data, progress)
        derive(store, content, progress=progress)
        progress("Kontrollerar", 0, 1)
        validation = _check(store, content)
        store.optimize()
        (folder / COUNTED).write_bytes(statistics(store, content))
        addresses.write(store, content, folder)
        names.build(store, content, folder / names.FILE)
        for name in DATASETS:
            _dump(store, folder / f"data.{name}", Format(name))
        quads, graphs = len(store), len(store.graphs())
        del store
        counts = {"quads": quads, "graphs": graphs, "written": sum(sizes.values())}
        files = {path.relative_to(content.root).as_posix(): digest(path.read_text("utf-8")) for path in content.all_files()}
        created = datetime.now(UTC).isoformat(timespec="seconds")
        return _publish(folder, workspace, Manifest(0, created, content.fingerprint, files, counts, validation))


def _dump(store: EmbeddedStore, path: Path, format: Format) -> None:
    """Write the whole store to `path`, and compressed beside it; the same store gives the same bytes."""
    with path.open("wb") as out:
        store.dump(out, format)
    with path.open("rb") as plain, gzip.GzipFile(f"{path}.gz", "wb", mtime=0) as packed:
        shutil.copyfileobj(plain, packed)


def _check(store: EmbeddedStore, content: Content) -> dict[str, int]:
    from graphsvc.validation import findings, report, shacl  # pyshacl takes long to import

    faults = shacl.validate(store, content)
    if faults:
        raise UnsoundData(len(faults), report.as_text(report.work_items(faults, store, content), "sv"))
    notable = findings.run(store, content)
    store.load_ntriples(findings.as_ntriples(notable))
    return {"faults": 0, "findings": len(notable), "shapes": len(content.shapes)}


def _publish(folder: Path, workspace: Path, manifest: Manifest) -> Release:
    """Give the built folder the next number and point at it; both are single, atomic renames."""
    number = max((int(p.name) for p in folder.parent.iterdir() if p.name.isdigit()), default=0)
    while True:
        number += 1
        numbered = Manifest(**{**asdict(manifest), "number": number})
        (folder / "manifest.json").write_text(json.dumps(asdict(numbered), indent=1, ensure_ascii=False), "utf-8")
        target = folder.parent / str(number)
        try:
            folder.rename(target)
        except OSError:
            if target.exists():
                continue
            raise
        pointer = workspace / f".current-{os.getpid()}-{time.monotonic_ns()}"
        pointer.write_text(str(number), "utf-8")
        pointer.replace(workspace / "current")
        return Release(target, numbered)
