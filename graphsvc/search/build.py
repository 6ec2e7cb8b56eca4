"""Writes the index: one SQLite file with everything that has a name, heaviest first; never changed afterwards."""

from __future__ import annotations

import math
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from graphsvc.content import Content
from graphsvc.errors import NoFullText
from graphsvc.search import gather, parts
from graphsvc.search.folding import key, plain, stem
from graphsvc.store.interface import Store

FILE = "names.sqlite"
_VERSION = 1  # of what the file holds and how: to be raised with every change of it
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-–‐‑](?=[^\W\d_])")
_TABLES = """
PRAGMA journal_mode = off;
PRAGMA synchronous = off;
PRAGMA temp_store = memory;
CREATE TABLE class (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, sv TEXT, en TEXT, names INTEGER);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT, sv TEXT, en TEXT,
                    kind INTEGER, classes TEXT, document TEXT, weight REAL);
CREATE TABLE name (id INTEGER PRIMARY KEY, plain TEXT UNIQUE, key TEXT, weight REAL);
CREATE TABLE naming (name INTEGER, thing INTEGER, text TEXT, role TEXT, PRIMARY KEY (name, thing)) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT, stem TEXT, names INTEGER);
CREATE TABLE gram (term TEXT PRIMARY KEY, words INTEGER) WITHOUT ROWID;
CREATE TABLE part (key INTEGER, name INTEGER, PRIMARY KEY (key, name)) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(words, classes, content='', columnsize=0, detail=column,
                                      tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE inside USING fts5(word, content='', columnsize=0, tokenize='trigram');
CREATE TEMP TABLE class_of (iri TEXT, class INTEGER, PRIMARY KEY (iri, class)) WITHOUT ROWID;
CREATE TEMP TABLE read (id INTEGER PRIMARY KEY, iri TEXT, document TEXT, uses INTEGER);
CREATE TEMP TABLE read_name (thing INTEGER, text TEXT, language TEXT, role TEXT);
"""
_FINISH = """
CREATE INDEX name_by_key ON name (key);
CREATE INDEX word_by_stem ON word (stem);
CREATE INDEX word_by_text ON word (text, names);
CREATE INDEX thing_by_iri ON thing (iri);
INSERT INTO found(found) VALUES ('optimize');
INSERT INTO inside(inside) VALUES ('optimize');
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, inside, row);
INSERT INTO gram SELECT term, doc FROM temp.vocabulary;
DROP TABLE temp.vocabulary;
ANALYZE;
"""


def build(store: Store, content: Content, path: Path) -> int:
    """Write the index of the store's named things to `path`, which must not exist; how many different names it has.

    NoFullText where this Python's SQLite lacks FTS5.
    """
    check()
    with closing(sqlite3.connect(path)) as base:
        base.executescript(_TABLES)
        classes = gather.kinds(store, content)
        with base:
            _read(base, store, content, classes)
            _write_things(base, classes)
            count = _write_names(base)
            _write_vocabulary(base)
            _write_parts(base)
            base.execute(f"PRAGMA user_version = {_VERSION}")
        base.executescript(_FINISH)
    return count


def ensure(store: Store, content: Content, folder: Path) -> Path:
    """The index in a release's folder, built first where the release came without one, or with one of another version.

    It appears whole or not at all; who reads the one before goes on doing so.
    """
    path = folder / FILE
    if not path.is_file() or _version(path) != _VERSION:
        with tempfile.TemporaryDirectory(prefix=".names-", dir=folder) as beside:
            built = Path(beside) / FILE
            build(store, content, built)
            built.replace(path)
    return path


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as base:
        return int(base.execute("PRAGMA user_version").fetchone()[0])


def check() -> None:
    """NoFullText unless SQLite has FTS5 with its trigram tokenizer."""
    with closing(sqlite3.connect(":memory:")) as base:
        try:
            base.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
        except sqlite3.OperationalError as error:
            raise NoFullText(sqlite3.sqlite_version, str(error)) from None


def _read(base: sqlite3.Connection, store: Store, content: Content, classes: list[gather.Kind]) -> None:
    """Read everything into temporary tables, so that memory does not grow with the graph."""
    for number, kind in enumerate(classes, 1):
        of = ((iri, number) for iri in gather.things_of(store, content, kind.iri))
        base.executemany("INSERT OR IGNORE INTO class_of VALUES (?, ?)", of)
    iris = (iri for (iri,) in base.execute("SELECT DISTINCT iri FROM class_of ORDER BY iri"))
    for number, named in enumerate(gather.described(store, content, iris), 1):
        base.execute("INSERT INTO read VALUES (?, ?, ?, ?)", (number, named.iri, named.document, named.references))
        rows = ((number, name.text, name.language, name.role) for name in named.names)
        base.executemany("INSERT INTO read_name VALUES (?, ?, ?, ?)", rows)


def _write_things(base: sqlite3.Connection, classes: list[gather.Kind]) -> None:
    """Write classes and things; the most used thing has the lowest number, and so is found first."""
    rows = ((n, kind.iri, kind.labels.get("sv"), kind.labels.get("en")) for n, kind in enumerate(classes, 1))
    base.executemany("INSERT INTO class VALUES (?, ?, ?, ?, 0)", rows)
    base.execute("CREATE INDEX temp.names_read ON read_name (thing)")
    heaviest = math.log1p(base.execute("SELECT max(uses) FROM read").fetchone()[0] or 1)
    ordered = base.execute("SELECT id, iri, document, uses FROM read ORDER BY uses DESC, iri")
    base.execute("CREATE TEMP TABLE place (thing INTEGER PRIMARY KEY, number INTEGER)")
    for number, (id, iri, document, uses) in enumerate(ordered, 1):
        of: list[int] = [row[0] for row in base.execute("SELECT class FROM class_of WHERE iri = ? ORDER BY class", (iri,))]
        labels = _labels(base, id)
        row = (number, iri, labels["sv"], labels["en"], _narrowest(of, classes), f" {' '.join(map(str, of))} ", document)
        base.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, math.log1p(uses) / heaviest))
        base.execute("INSERT INTO place VALUES (?, ?)", (id, number))


def _labels(base: sqlite3.Connection, thing: int) -> dict[str, str]:
    """The label to show in each language: the preferred one, or else what comes nearest."""
    names = base.execute("SELECT role, language, text FROM read_name WHERE thing = ? ORDER BY text", (thing,)).fetchall()
    order = {"label": 0, "title": 1, "other": 2}

    def rank(name: tuple[str, str, str], language: str) -> tuple[bool, int, bool]:
        role, given, _ = name
        return given != language, order.get(role, 3), given != "sv"

    return {language: min(names, key=lambda name: rank(name, language))[2] for language in ("sv", "en")}


def _narrowest(of: list[int], classes: list[gather.Kind]) -> int:
    """The class that a thing is called by: of our own vocabulary, and with none of its other classes under it."""
    own = [number for number in of if gather.is_own(classes[number - 1].iri)] or of
    above = frozenset[str]().union(*(classes[number - 1].broader for number in own))
    return next((number for number in own if classes[number - 1].iri not in above), own[0])


def _write_names(base: sqlite3.Connection) -> int:
    """Write the different names, the most used things' first, and which things have each; how many they are.

    One with a hyphen between letters (HBTQ-råd) is also known without it.
    """
    found = base.execute(
        "SELECT place.number, text, role FROM read_name JOIN place USING (thing) "
        "ORDER BY place.number, role != 'short', role NOT IN ('label', 'title'), role = 'hidden', length(text), text"
    )
    add = "INSERT OR IGNORE INTO name (plain, key, weight) SELECT ?, ?, weight FROM thing WHERE id = ?"
    for thing, text, role in found:
        for folded in dict.fromkeys((plain(text), plain(_HYPHEN.sub("", text)))):
            if folded:
                base.execute(add, (folded, key(folded.split()), thing))
                of = (thing, text, role, folded)
                base.execute("INSERT OR IGNORE INTO naming SELECT id, ?, ?, ? FROM name WHERE plain = ?", of)
    base.execute(
        "INSERT INTO found (rowid, words, classes) "
        "SELECT name.id, plain, (SELECT group_concat(replace(classes, ' ', ' k')) FROM naming "
        "JOIN thing ON thing.id = naming.thing WHERE naming.name = name.id) FROM name"
    )
    return int(base.execute("SELECT count(*) FROM name").fetchone()[0])


def _write_vocabulary(base: sqlite3.Connection) -> None:
    """Write the different words of all names, those in most names first, and the letters inside them."""
    base.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, found, col)")
    counted = base.execute("SELECT term, doc FROM temp.terms WHERE col = 'words' ORDER BY doc DESC, term").fetchall()
    rows = ((number, term, stem(term), names) for number, (term, names) in enumerate(counted, 1))
    base.executemany("INSERT INTO word VALUES (?, ?, ?, ?)", rows)
    base.execute(
        "UPDATE class SET names = coalesce((SELECT doc FROM temp.terms WHERE col = 'classes' AND term = 'k' || class.id), 0)"
    )
    base.execute("DROP TABLE temp.terms")
    base.execute(
        "INSERT INTO inside (rowid, word) SELECT id, text FROM word WHERE length(text) >= 3 AND text GLOB '*[^0-9]*'"
    )


def _write_parts(base: sqlite3.Connection) -> None:
    """Write the distinctive runs of long names: those in few different names."""
    base.execute("CREATE TEMP TABLE run (key INTEGER, name INTEGER, PRIMARY KEY (key, name)) WITHOUT ROWID")
    base.executemany("INSERT OR IGNORE INTO run VALUES (?, ?)", _runs(base))
    base.execute(
        "INSERT INTO part SELECT key, name FROM run WHERE key IN (SELECT key FROM run GROUP BY key HAVING count(*) <= ?)",
        (parts.MOST_NAMES,),
    )


def _runs(base: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    for name, folded in base.execute("SELECT id, plain FROM name"):
        words = folded.split()
        if len(words) >= parts.FEWEST_WORDS:
            stems = [stem(word) for word in words]
            for start, end in parts.runs(words):
                yield parts.run_key(stems[start:end]), name
