"""Releases in a remote store: loaded beside the one that is read, checked, and switched to in one update."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import IO

from graphsvc.content import Content
from graphsvc.errors import NoRelease, RemoteGarbled, StyrgrafError
from graphsvc.namespaces import CURRENT_GRAPH, DCTERMS, RELEASE_GRAPH
from graphsvc.release.assemble import Progress, silent
from graphsvc.release.build import Manifest, Release, current
from graphsvc.store.remote import Remote, RemoteStore
from graphsvc.terms import Iri, Literal

_PUT_BYTES = 8 << 20
_MANIFEST, _COUNTED = "/manifest", "/void"  # what stands beside a release's graph, by the endings of their IRIs
_INSERT_LINES = 500  # Virtuoso's compiler runs out of memory at some thousand


@dataclass(frozen=True)
class RemoteRelease:
    """A release in a remote store."""

    remote: Remote
    manifest: Manifest
    content: Content
    workspace: Path

    @cached_property
    def folder(self) -> Path:
        """The folder of the same release built here, or else one of its own, where what is read can be kept."""
        with contextlib.suppress(NoRelease):
            built = current(self.workspace)
            if built.manifest.fingerprint == self.manifest.fingerprint:
                return built.folder
        folder = self.workspace / "remote" / self.manifest.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def open(self) -> RemoteStore:
        """Its store, to read."""
        return RemoteStore(self.remote, _graph(self.manifest.number), self.content)

    def counted(self) -> bytes | None:
        """What it holds, as VoID in N-Triples, counted when it was built; None if it was loaded without."""
        graph = _graph(self.manifest.number) + _COUNTED
        table = RemoteStore(self.remote, graph, self.content, may_be_absent=True).select(self.content.lookup("counted"))
        lines = (" ".join(row[name].sparql() for name in table.variables) for row in table.rows)
        return "".join(f"{line} .\n" for line in lines).encode() or None


def current_remote(remote: Remote, content: Content, workspace: Path) -> RemoteRelease:
    """The release that the remote store's readers are sent to; NoRelease if there is none, and every RemoteFailed."""
    number = _current_number(remote, content)
    if number is None:
        raise NoRelease(f"Det finns ingen utgåva i {remote.address}. Ladda en med graphsvc build --endpoint.")
    told = _values(remote, content, "release-manifest", _graph(number) + _MANIFEST)
    if len(told) != 1:
        raise RemoteGarbled(remote.address, f"säger inte vad utgåva {number} är. Ladda den igen.")
    return RemoteRelease(remote, Manifest(**json.loads(told[0])), content, workspace)


def publish(release: Release, remote: Remote, content: Content, progress: Progress = silent) -> RemoteRelease:
    """Load `release` into the remote store and send its readers there; the one before is kept for those still reading it.

    Nothing is loaded if the remote store has that very release. RemoteFailed, and readers as before, if anything fails.
    """
    before = _current_number(remote, content)
    workspace = release.folder.parent.parent
    if before is not None:
        there = current_remote(remote, content, workspace)
        if there.manifest.fingerprint == release.manifest.fingerprint:
            return there
    number = release.manifest.number if before is None else max(release.manifest.number, before + 1)
    manifest = replace(release.manifest, number=number)
    try:
        _load_checked(remote, content, release, number, progress)
        _load_counted(remote, content, release, number)
        _describe(remote, content, manifest, before)
        _switch(remote, content, before, number)
    except BaseException:
        with contextlib.suppress(StyrgrafError):
            _drop(remote, content, number)
        raise
    if before is not None:
        _drop_older(remote, content, before)
    return RemoteRelease(remote, manifest, content, workspace)


def _graph(number: int) -> str:
    return f"{RELEASE_GRAPH}{number}"


def _current_number(remote: Remote, content: Content) -> int | None:
    numbers = _values(remote, content, "release-current", CURRENT_GRAPH)
    if len(numbers) > 1:
        raise RemoteGarbled(remote.address, f"pekar på flera utgåvor ({', '.join(sorted(numbers))}). Töm {CURRENT_GRAPH}.")
    return int(numbers[0]) if numbers else None


def _values(remote: Remote, content: Content, lookup: str, graph: str) -> list[str]:
    """The values in the only column of what a lookup finds in `graph`, which need not be there."""
    table = RemoteStore(remote, graph, content, may_be_absent=True).select(content.lookup(lookup))
    return [row[table.variables[0]].value for row in table.rows]


def _load_checked(remote: Remote, content: Content, release: Release, number: int, progress: Progress) -> None:
    """Load the release's default graph; RemoteGarbled unless all its triples are there afterwards."""
    with tempfile.TemporaryFile() as triples:
        release.open().dump_default(triples)
        size = _load(remote, content, _graph(number), triples, progress)
    found = _values(remote, content, "release-size", _graph(number))
    if found != [str(size)]:
        raise RemoteGarbled(remote.address, f"har {', '.join(found)} av utgåvans {size} tripplar. Ladda den igen.")


def _load_counted(remote: Remote, content: Content, release: Release, number: int) -> None:
    """Hand over what the release holds beside it: a remote store would count for long."""
    counted = release.counted()
    if counted:
        with io.BytesIO(counted) as triples:
            _load(remote, content, _graph(number) + _COUNTED, triples, silent)


def _load(remote: Remote, content: Content, graph: str, triples: IO[bytes], progress: Progress) -> int:
    """Make `graph` hold these N-Triples and nothing else; how many they are."""
    total, done, size = triples.tell(), 0, 0
    triples.seek(0)
    by_store = remote.endpoint.graph_store is not None
    if not by_store:
        remote.update(_update(content, "drop", graph))
    for lines in _batches(triples, by_store):
        batch = b"".join(lines)
        if by_store:
            remote.put(graph, batch, add=done > 0)
        else:
            remote.update(_update(content, "insert", graph).replace("# triples", batch.decode().rstrip("\n")))
        size, done = size + len(lines), done + len(batch)
        progress("Laddar", done, total)
    return size


def _batches(triples: IO[bytes], by_store: bool) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    weight = 0
    for line in triples:
        batch.append(line)
        weight += len(line)
        if weight >= _PUT_BYTES or (not by_store and len(batch) >= _INSERT_LINES):
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def _describe(remote: Remote, content: Content, manifest: Manifest, before: int | None) -> None:
    """Tell what the release is, and which it follows, in a graph beside it."""
    graph = _graph(manifest.number)
    facts = [("description", json.dumps(asdict(manifest), ensure_ascii=False))]
    if before is not None:
        facts.append(("replaces", str(before)))
    triples = (f"{Iri(graph).sparql()} {Iri(DCTERMS + name).sparql()} {Literal(text).sparql()} ." for name, text in facts)
    remote.update(_update(content, "drop", graph + _MANIFEST))
    remote.update(_update(content, "insert", graph + _MANIFEST).replace("# triples", "\n".join(triples)))


def _switch(remote: Remote, content: Content, before: int | None, number: int) -> None:
    """Point readers at release `number`: one triple, replaced in one operation."""
    if before is None:
        pointer = Iri(CURRENT_GRAPH).sparql()
        triple = f"{pointer} {Iri(DCTERMS + 'identifier').sparql()} {Literal(str(number)).sparql()} ."
        remote.update(_update(content, "insert", CURRENT_GRAPH).replace("# triples", triple))
    else:
        remote.update(_update(content, "switch", CURRENT_GRAPH).replace('"number"', Literal(str(number)).sparql()))
    if _current_number(remote, content) != number:
        raise RemoteGarbled(remote.address, "bytte inte utgåva. Kontrollera att användaren får skriva.")


def _drop_older(remote: Remote, content: Content, kept: int) -> None:
    """Remove the release that the kept one followed: nobody has been sent there since."""
    for number in _values(remote, content, "release-replaced", _graph(kept) + _MANIFEST):
        _drop(remote, content, int(number))


def _drop(remote: Remote, content: Content, number: int) -> None:
    for part in ("", _MANIFEST, _COUNTED):
        remote.update(_update(content, "drop", _graph(number) + part))


def _update(content: Content, name: str, graph: str) -> str:
    """The update queries/updates/<name>.ru with `graph` in place of the one its file names."""
    text = (content.root / "queries" / "updates" / f"{name}.ru").read_text("utf-8")
    return text.replace(Iri(_graph(0)).sparql(), Iri(graph).sparql())
