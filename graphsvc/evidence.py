"""Evidence: finds every quotation in its source text, keeps its position, and tells what a quotation does not prove.

The source texts are not part of the project, so what was found is kept in data/positions/<slug>.csv, bound to each passage
by a digest; a passage that was changed since has no position until it is anchored again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.namespaces import OA, STYR, XSD
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Iri, Literal, Row, Term
from graphsvc.texts import Finding, Span, Text, digest, slice_lines, squeeze

_MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
_NUMBERS = {"1": "en", "2": "två", "3": "tre", "4": "fyra", "5": "fem", "6": "sex", "7": "sju", "8": "åtta"}
_COLUMNS = ["thing", "passage", "start", "end", "page"]


@dataclass(frozen=True)
class Passage:
    """A quotation as the data has it: the thing it is for, its source text, heading and words."""

    thing: str
    source: str
    heading: str | None
    quote: str

    @property
    def key(self) -> str:
        """What binds a kept position to these very words."""
        return digest(f"{squeeze(self.heading or '')}\n{squeeze(self.quote)}")[:16]


@dataclass(frozen=True)
class Position:
    """Where a passage stands in its text (code points), and on which page."""

    span: Span
    page: int | None


def passages(store: EmbeddedStore, content: Content) -> dict[str, list[Passage]]:
    """Every passage of the data, by source text IRI."""
    found: dict[str, list[Passage]] = {}
    for row in store.select(content.lookup("passages")).rows:
        heading = row["heading"].value if "heading" in row else None
        passage = Passage(row["thing"].value, row["source"].value, heading, row["quote"].value)
        found.setdefault(passage.source, []).append(passage)
    return found


def read_texts(store: EmbeddedStore, content: Content, folder: Path) -> dict[str, Text]:
    """The source texts that stand in `folder`, by source text IRI; those whose file is not there are left out."""
    texts = {}
    for row in store.select(content.lookup("source-texts")).rows:
        path = folder / row["file"].value
        if path.is_file():
            texts[row["source"].value] = _read_text(path, row)
    return texts


def _read_text(path: Path, row: Row) -> Text:
    try:
        raw = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise BadFile(path, "Källtexten är inte UTF-8.", "Spara om den som UTF-8.") from None
    first, last = int(row["first"].value), int(row["last"].value)
    pages: list[tuple[int, int]] = []
    if "pageStarts" in row:
        lines = [int(n) for n in row["pageStarts"].value.split()]
        pages = [(line - first, int(row["firstPage"].value) + i) for i, line in enumerate(lines)]
    return Text(slice_lines(raw, first, last), pages)


def locate(passages: Iterable[Passage], text: Text) -> dict[str, Finding]:
    """Where each of `passages`, all of one source, stands in `text`; by thing."""
    passages = list(passages)
    headings = {p.heading for p in passages if p.heading}
    return {p.thing: text.locate(p.quote, p.heading, headings) for p in passages}


def anchor(store: EmbeddedStore, content: Content, folder: Path) -> dict[str, int]:
    """Find every quotation in the texts of `folder` and keep the positions; how many were found, by slug."""
    by_source, done = passages(store, content), {}
    for source, text in read_texts(store, content, folder).items():
        here = by_source.get(source, [])
        findings, slug = locate(here, text), source.rsplit("/", 1)[-1]
        rows = [[source, text.sha256, 0, len(text.text), ""]]
        for passage in sorted(here, key=lambda p: p.thing):
            span = findings[passage.thing].span
            if span:
                rows.append([passage.thing, passage.key, span.start, span.end, text.page(span.start) or ""])
        _write_rows(content.positions(slug), rows)
        done[slug] = len(rows) - 1
    return done


def _write_rows(path: Path, rows: list[list[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([_COLUMNS, *rows])


def facts(store: EmbeddedStore, content: Content, texts: dict[str, Text] | None = None) -> bytes:
    """What the shapes are to judge, as N-Triples: how often each quotation stands, where, and what it does not prove.

    With `texts` every quotation is looked for; without, the kept positions tell.
    """
    lines: list[str] = []
    for source, here in passages(store, content).items():
        found = locate(here, texts[source]) if texts and source in texts else {}
        lines += _source_facts(content, source, here, found, texts[source] if texts and source in texts else None)
    lines += [_triple(thing, STYR + "unproven", value) for thing, value in unproven(store, content)]
    return "".join(lines).encode()


def _source_facts(
    content: Content, source: str, here: list[Passage], found: dict[str, Finding], text: Text | None
) -> Iterator[str]:
    kept = _kept_positions(content.positions(source.rsplit("/", 1)[-1]))
    if source in kept:
        yield _triple(source, STYR + "sha256", Literal(kept[source][0]))
    for passage in here:
        key, position = kept.get(passage.thing, ("", None))
        finding = found.get(passage.thing)
        if finding is None and key == passage.key and position:
            finding = Finding(1, 1, position.span)
        if finding is None:
            continue
        yield _triple(passage.thing, STYR + "headingOccurrences", _integer(finding.heading_occurrences))
        yield _triple(passage.thing, STYR + "occurrences", _integer(finding.occurrences))
        if finding.span:
            page = text.page(finding.span.start) if text else position.page if position else None
            yield from _position_facts(passage.thing + "/passage", Position(finding.span, page))


def _position_facts(passage: str, position: Position) -> Iterator[str]:
    yield _triple(passage + "/position", OA + "start", _integer(position.span.start))
    yield _triple(passage + "/position", OA + "end", _integer(position.span.end))
    if position.page:
        yield _triple(passage, STYR + "page", _integer(position.page))


def _kept_positions(path: Path) -> dict[str, tuple[str, Position]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as rows:
        try:
            return {
                row["thing"]: (
                    row["passage"],
                    Position(Span(int(row["start"]), int(row["end"])), int(row["page"]) if row["page"] else None),
                )
                for row in csv.DictReader(rows)
            }
        except (KeyError, TypeError, ValueError):
            raise BadFile(path, "Filen med lägen är skadad.", "Skapa den på nytt med graphsvc anchor.") from None


def unproven(store: EmbeddedStore, content: Content) -> Iterator[tuple[str, Term]]:
    """(thing, value) for each value whose name or wording the thing's own quotation does not hold."""
    names: dict[str, set[str]] = {}
    for row in store.select(content.lookup("names")).rows:
        names.setdefault(row["thing"].value, set()).add(_folded(row["name"].value))
    for row in store.select(content.lookup("proofs")).rows:
        quote = _folded(row["quote"].value)
        if "referredToAs" in row:
            if _folded(row["referredToAs"].value) not in quote:
                yield row["thing"].value, row["referredToAs"]
        elif not _holds(quote, row["value"], names):
            yield row["thing"].value, row["value"]


def _holds(quote: str, value: Term, names: dict[str, set[str]]) -> bool:
    if isinstance(value, Iri):
        known = names.get(value.value)
        return known is None or any(name in quote for name in known)  # of what nothing is known other shapes tell
    if value.datatype == XSD + "boolean":
        return True
    forms = [_folded(form) for form in _forms(value.value)]
    return any(form in quote for form in forms) or (bool(value.language) and quote in forms[0])


def _forms(value: str) -> list[str]:
    """How a Swedish text may write a literal: as it is, a date or month in words, a small number as a word."""
    forms = [value]
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?", value):
        month = _MONTHS[int(match[2]) - 1]
        day = f"{int(match[3])} " if match[3] else ""
        forms += [f"{day}{month} {match[1]}", f"{day}{month}"] if day else [f"{month} {match[1]}"]
    return forms + ([_NUMBERS[value]] if value in _NUMBERS else [])


def _folded(text: str) -> str:
    return squeeze(text).casefold()


def _integer(number: int) -> Literal:
    return Literal(str(number), XSD + "integer")


def _triple(subject: str, predicate: str, value: Term) -> str:
    return f"<{subject}> <{predicate}> {value.sparql()} .\n"
