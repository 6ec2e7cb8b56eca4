"""Generates releases of any size: synthetic cities, each with the actors, documents and process of the shipped one.

`python benchmarks/generate.py --triples 3000000 --workspace DIR` builds the shipped content once, takes its graph *as built*
(participations, involvements, labels, folded names, evidence …) as the pattern of a city, and streams as many cities as are
wanted straight into the engine's bulk loader: each with its own addresses, its own name in every text, and its own titles
and quotations. What is national (agencies, laws, the ontology) stands once and is pointed at from every city; what actors
are called (byggnadsnämnden) is the same in every city, as it is in Sweden. The first city is the shipped one, unchanged.
The same call gives the same graph. `--check` counts the kinds of things in the pattern and in the result and compares them.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import re
import shutil
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from graphsvc.content import Content
from graphsvc.namespaces import BASE, PREFIXES, STYR
from graphsvc.release.build import Manifest, build
from graphsvc.settings import Settings

_FIRST = "goteborg"
_CITY = f"{BASE}id/{_FIRST}/"
_ROOT = re.compile(rf"<({re.escape(BASE)}id/(?:register/[^/>]+|finding/[^/>]+/\d+))")
_OF_A_CITY = rf"{re.escape(BASE)}id/(?:{_FIRST}|register|finding)/"
# what is said of the whole; and where words on national things stand, which a passage of theirs says of one source alone
_ONCE = re.compile(
    rf"^<{re.escape(BASE)}id/dataset|<{re.escape(STYR)}usedBy> |^<(?!{_OF_A_CITY})[^>]*> <{re.escape(PREFIXES['oa'])}hasSource> "
)
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_OWN_WORDS = re.compile(r"(?:exact|quote|title|description|label|heading|reason|foldedName)> $")
_SLUG, _NAME, _LOWER = "\x01", "\x02", "\x03"
# fmt: off
_FRONT = [
    "Al", "Ask", "Berg", "Björk", "Bro", "Dal", "Ek", "En", "Fors", "Gran", "Gräs", "Had", "Hag", "Hall", "Hed", "Holm",
    "Kal", "Karl", "Kvarn", "Käll", "Lind", "Ljung", "Löv", "Mar", "Mark", "Mjöl", "Norr", "Näs", "Rönn", "Sand", "Sjö",
    "Skog", "Sköv", "Sten", "Stor", "Ström", "Sund", "Säter", "Söder", "Tall", "Torp", "Ulv", "Vall", "Vik", "Väst",
    "Äng", "Åker", "Ål", "Öst",
]
_BACK = [
    "backa", "berga", "boda", "borg", "bro", "by", "bygd", "centrum", "dala", "fors", "gärde", "hamn", "hult", "kulla",
    "köping", "land", "lunda", "lycka", "mora", "näs", "rum", "ryd", "sala", "stad", "strand", "sund", "sunda", "torp",
    "tuna", "valla", "vik", "viken", "ås", "ö",
]
# fmt: on


@dataclass(frozen=True)
class Pattern:
    """The shipped graph in two parts, as N-Quads: what stands once, and what every city has (with marks for its name)."""

    once: bytes
    first: bytes
    city: bytes

    @classmethod
    def of(cls, store: ox.Store) -> Pattern:
        """The pattern in a built release's store."""
        lines = [f"{_line(quad)}\n" for quad in store]
        owned = {root for line in lines if _CITY in line for root in _ROOT.findall(line.partition(" ")[0])}
        actors = {quad.subject.value for quad in store.quads_for_pattern(None, None, ox.NamedNode(STYR + "Actor"))}
        once, first, city = [], [], []
        for line in lines:
            mine = _CITY in line or any(root in owned for root in _ROOT.findall(line))
            if mine and not _ONCE.search(line):
                first.append(line)
                city.append(_marked(line, owned, actors))
            else:
                once.append(line)
        return cls(*("".join(sorted(part)).encode() for part in (once, first, city)))

    def named(self, number: int) -> bytes:
        """The city with that number; number 0 is the shipped one, letter for letter."""
        if number == 0:
            return self.first
        name = city_name(number)
        marks = {_SLUG: slug(name), _NAME: name, _LOWER: name.lower()}
        text = self.city
        for mark, said in marks.items():
            text = text.replace(mark.encode(), said.encode())
        return text

    def cities_for(self, triples: int) -> int:
        """How many cities make a default graph of about `triples`, at least one."""
        ours = re.compile(rb" \.$", re.MULTILINE)
        default = [sum(1 for line in ours.split(part) if _in_default(line)) for part in (self.once, self.city)]
        return max(1, round((triples - default[0]) / default[1]))


def _line(quad: ox.Quad) -> str:
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else f" {quad.graph_name}"
    return f"{quad.subject} {quad.predicate} {quad.object}{graph} ."


def _in_default(line: bytes) -> bool:
    parts = line.strip().split(b" ", 2)
    return len(parts) == 3 and not re.search(rb'(?:"|>|@[\w-]+) <[^>]*>$', parts[2])


def _marked(line: str, owned: set[str], actors: set[str]) -> str:
    """A line of the shipped city with marks where another city has its own address, name or words."""
    subject = line.partition(" ")[0].strip("<>")
    line = _ROOT.sub(lambda m: f"<{m[1]}-{_SLUG}" if m[1] in owned else m[0], line)
    match = _TEXT.search(line)
    if match and subject not in actors and _OWN_WORDS.search(line[: match.start()]):
        mark = _LOWER if "foldedName" in line[: match.start()] else _NAME
        line = f"{line[: match.end(1)]} ({mark}){line[match.end(1) :]}"
    line = line.replace(_CITY, f"{BASE}id/{_SLUG}/")
    if match:
        for known, mark in (("Göteborg", _NAME), ("göteborg", _LOWER)):
            line = line.replace(known, mark)
    return line


@cache
def _city_names() -> list[str]:
    """Made-up names, no two with the same address."""
    by_slug: dict[str, str] = {}
    for back, front in itertools.product(_BACK, _FRONT):
        by_slug.setdefault(slug(front + back), front + back)
    return list(by_slug.values())


def city_name(number: int) -> str:
    """The made-up name of the city with that number (1 and up; about 1,500 can be had)."""
    return _city_names()[number - 1]


def slug(name: str) -> str:
    """A name as addresses have it: lower-case ASCII."""
    return unicodedata.normalize("NFD", name.lower()).encode("ascii", "ignore").decode()


class _Stream(io.RawIOBase):
    """Parts of bytes, read as one file."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._rest = parts, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = memoryview(part)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def generate(content: Content, workspace: Path, triples: int) -> dict[str, float]:
    """Build a release of about `triples` in `workspace` and make it current; what it took and holds."""
    shipped = build(content, workspace / "shipped")
    pattern = Pattern.of(ox.Store.read_only(str(shipped.folder / "store")))
    cities = pattern.cities_for(triples)
    folder = workspace / "releases" / "1"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    begun = time.perf_counter()
    store = ox.Store(str(folder / "store"))
    parts = itertools.chain([pattern.once], (pattern.named(number) for number in range(cities)))
    store.bulk_load(io.BufferedReader(_Stream(parts), 1 << 20), ox.RdfFormat.N_QUADS)
    loaded = time.perf_counter()
    store.optimize()
    store.flush()
    quads, done = len(store), time.perf_counter()
    in_default = sum(1 for _ in store.quads_for_pattern(None, None, None, ox.DefaultGraph())) if quads < 5e6 else 0
    del store
    manifest = replace(shipped.manifest, number=1, counts={**shipped.manifest.counts, "quads": quads})
    _write(workspace, folder, manifest)
    size = sum(f.stat().st_size for f in (folder / "store").iterdir())
    return {"cities": cities, "quads": quads, "default": in_default, "load_s": round(loaded - begun, 1),
            "optimize_s": round(done - loaded, 1), "bytes": size}  # fmt: skip


def _write(workspace: Path, folder: Path, manifest: Manifest) -> None:
    (folder / "manifest.json").write_text(json.dumps(asdict(manifest), indent=1, ensure_ascii=False), "utf-8")
    (workspace / "current").write_text(folder.name, "utf-8")


def kinds(store: ox.Store) -> Counter[tuple[str, str]]:
    """How many things there are of each class, and how many triples of each property, in the default graph."""
    counted: Counter[tuple[str, str]] = Counter()
    for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        counted["property", quad.predicate.value] += 1
        if quad.predicate.value.endswith("#type"):
            counted["class", quad.object.value] += 1  # type: ignore[union-attr]
    return counted


def unlike(workspace: Path) -> list[str]:
    """Where the generated graph is not the shipped one's kinds, times its cities: empty if it is honest."""
    shipped = ox.Store.read_only(str(next((workspace / "shipped" / "releases").glob("[0-9]*")) / "store"))
    pattern = Pattern.of(shipped)
    parts = []
    for text in (pattern.once, pattern.first):
        store = ox.Store()
        store.bulk_load(text, ox.RdfFormat.N_QUADS)
        parts.append(kinds(store))
    made = ox.Store.read_only(str(workspace / "releases" / "1" / "store"))
    got = kinds(made)
    cities = got["class", STYR + "Plan"] - parts[0]["class", STYR + "Plan"]
    cities //= parts[1]["class", STYR + "Plan"]
    wrong = []
    for kind in sorted(set(got) | set(parts[0]) | set(parts[1])):
        wanted = parts[0][kind] + cities * parts[1][kind]
        if got[kind] != wanted:
            wrong.append(f"{kind[1]}: {got[kind]} instead of {wanted}")
    return wrong


def main() -> None:
    """Generate a release, say what it holds, and check it where that is asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triples", type=int, default=300_000, help="about how many triples the default graph holds")
    parser.add_argument("--workspace", type=Path, default=Path(tempfile.gettempdir()) / "styrgraf-generated")
    parser.add_argument("--check", action="store_true", help="compare the kinds of things with the shipped graph's")
    given = parser.parse_args()
    print(json.dumps(generate(Content(Settings().content), given.workspace, given.triples)))
    if given.check:
        wrong = unlike(given.workspace)
        print("\n".join(wrong) or "Each kind of thing occurs as often as in the shipped graph, times the cities.")


if __name__ == "__main__":
    main()
