"""Source texts: reading one, finding a quotation under its heading, and saying on which page it stands.

Matching folds what PDF extraction varies: white space, line breaks, and hyphens and dashes of every kind. Offsets are code
points of the NFC text of the slice, as the Web Annotation TextPositionSelector has it (W3C Web Annotation §4.2.5).
"""

from __future__ import annotations

import bisect
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_FOLDED_AWAY = re.compile(r"[\s\u00ad\u2010-\u2015\u2212-]")


def nfc(text: str) -> str:
    """`text` in Unicode normalisation form C."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """`text` without white space, hyphens and dashes: what two spellings of one passage share."""
    return _FOLDED_AWAY.sub("", nfc(text))


def digest(text: str) -> str:
    """SHA-256 of `text` in UTF-8, as lower-case hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Span:
    """A stretch of a text: code point offsets, the end excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Finding:
    """Where a quotation stands: how often its heading and it were found, and its span when both were found once."""

    heading_occurrences: int
    occurrences: int
    span: Span | None


class Text:
    """One source text, searchable with folded white space and hyphenation."""

    def __init__(self, raw: str, pages: Iterable[tuple[int, int]] = ()) -> None:
        """`raw` is the slice as read; `pages` pairs the zero-based line of a page's start with the page's number."""
        self.text = nfc(raw)
        self._pages = sorted(pages)
        kept = [(i, c) for i, c in enumerate(self.text) if not _FOLDED_AWAY.match(c)]
        self._offsets = [i for i, _ in kept]
        self._squeezed = "".join(c for _, c in kept)

    @cached_property
    def sha256(self) -> str:
        """Digest of the NFC text."""
        return digest(self.text)

    def occurrences(self, phrase: str, start: int = 0, end: int | None = None) -> list[Span]:
        """Where `phrase` stands between two offsets, as whole words."""
        wanted = squeeze(phrase)
        last = len(self.text) if end is None else end
        found: list[Span] = []
        at = bisect.bisect_left(self._offsets, start)
        while wanted and (at := self._squeezed.find(wanted, at)) >= 0:
            span = Span(self._offsets[at], self._offsets[at + len(wanted) - 1] + 1)
            if span.end > last:
                break
            if self._is_whole(span):
                found.append(span)
            at += 1
        return found

    def headings(self, heading: str) -> list[Span]:
        """Where `heading` fills whole lines."""
        return [span for span in self.occurrences(heading) if self._fills_lines(span)]

    def locate(self, quote: str, heading: str | None, all_headings: Iterable[str]) -> Finding:
        """Find `quote` in the section that `heading` opens and the next of `all_headings` closes."""
        opened = self.headings(heading) if heading else [Span(0, 0)]
        if len(opened) != 1:
            return Finding(len(opened), 0, None)
        starts = sorted(span.start for other in set(all_headings) for span in self.headings(other))
        following = [s for s in starts if s > opened[0].start or (heading is None and s >= 0)]
        spans = self.occurrences(quote, opened[0].start, following[0] if following else None)
        return Finding(1, len(spans), spans[0] if len(spans) == 1 else None)

    def page(self, offset: int) -> int | None:
        """The page that the code point at `offset` stands on, where the pages are known."""
        line = self.text.count("\n", 0, offset)
        at = bisect.bisect_right(self._pages, (line, 1 << 30))
        return self._pages[at - 1][1] if at else None

    def _is_whole(self, span: Span) -> bool:
        before = self.text[span.start - 1] if span.start else " "
        after = self.text[span.end] if span.end < len(self.text) else " "
        return not (before.isalnum() and self.text[span.start].isalnum()) and not (
            after.isalnum() and self.text[span.end - 1].isalnum()
        )

    def _fills_lines(self, span: Span) -> bool:
        line_start = self.text.rfind("\n", 0, span.start) + 1
        line_end = self.text.find("\n", span.end)
        tail = self.text[span.end : line_end if line_end >= 0 else len(self.text)]
        return not self.text[line_start : span.start].strip() and not tail.strip()


def slice_lines(raw: str, first: int, last: int) -> str:
    """The lines `first` to `last` of `raw`, counted from 1, both included."""
    return "".join(raw.splitlines(keepends=True)[first - 1 : last])
