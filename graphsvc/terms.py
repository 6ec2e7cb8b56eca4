"""RDF terms as plain values, how they are written in SPARQL, and how names are folded, sorted and set in Swedish."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphsvc.namespaces import XSD

_FORBIDDEN_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_BEYOND_ASCII = (  # RFC 3987 §2.2, ucschar
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U000e1000-\U000efffd"
    + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
)
_OF_IRI = rf"(?:[A-Za-z0-9._~!$&'()*+,;=\-{_BEYOND_ASCII}]|%[0-9A-Fa-f]{{2}})"
_ABSOLUTE_IRI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:(?:{_OF_IRI}|:)*@)?{_OF_IRI}*(?::[0-9]*)?(?=[/?#]|\Z)|(?!//))"
    rf"(?:{_OF_IRI}|[:@/?])*(?:#(?:{_OF_IRI}|[:@/?])*)?"
)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_YEARS = re.compile(r"(?<![\w/-])((?:19|20)\d\d)-((?:19|20)\d\d)(?![\w/-])")
_TIGHT = re.compile(r"(?<!\w)(§|d?nr|[sp]\.) (?=\d)")
_SWEDISH_LAST = {"å": "{", "ä": "|", "ö": "}", "æ": "|", "ø": "}"}


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI."""

    value: str

    def sparql(self) -> str:
        """The IRI as SPARQL writes it (SPARQL 1.1 §4.1.1); ValueError for what no IRI may hold."""
        if _FORBIDDEN_IN_IRI.search(self.value):
            raise ValueError(self.value)
        return f"<{self.value}>"


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: its lexical form, datatype IRI and language tag (empty where it has none)."""

    value: str
    datatype: str = XSD + "string"
    language: str = ""

    def sparql(self) -> str:
        """The literal as SPARQL writes it (SPARQL 1.1 §4.1.2)."""
        quoted = f'"{self.value.translate(_ESCAPES)}"'
        if self.language:
            return f"{quoted}@{self.language}"
        return quoted if self.datatype == XSD + "string" else f"{quoted}^^<{self.datatype}>"


Term = Iri | Literal
Row = dict[str, Term]


def from_json(binding: Mapping[str, Any]) -> Term:
    """A term from a SPARQL 1.1 Query Results JSON binding (§3.2.2)."""
    if binding["type"] in ("uri", "bnode"):
        return Iri(binding["value"])
    return Literal(binding["value"], binding.get("datatype", XSD + "string"), binding.get("xml:lang", ""))


def absolute_iri(text: str) -> Iri | None:
    """The IRI that somebody has written, if every store can read it as one (RFC 3987 §2.2; hosts in brackets apart)."""
    return Iri(text) if _ABSOLUTE_IRI.fullmatch(text) else None


def fold(name: str) -> str:
    """`name` for comparison: NFC, case-folded, with single spaces and plain hyphens."""
    plain = unicodedata.normalize("NFC", name).casefold().replace("–", "-").replace("’", "'")
    return " ".join(plain.split())


def dashed(text: str) -> str:
    """`text` as people are shown it: with a dash between years, where a name in the data may have a hyphen (2019-2022)."""
    return _YEARS.sub(r"\1–\2", text)


def typeset(text: str) -> str:
    """`text` as it is set on paper: dashed, and with no line break before the number of a paragraph or a page."""
    return _TIGHT.sub("\\1\u00a0", dashed(text))


@lru_cache(maxsize=8192)  # a page sorts the same names again and again
def sort_key(label: str) -> tuple[str, str]:
    """A key that sorts as Swedish does: å, ä, ö after z, case and other accents ignored at first."""
    letters = []
    for char in unicodedata.normalize("NFC", label).casefold():
        if char in _SWEDISH_LAST:
            letters.append(_SWEDISH_LAST[char])
        else:
            letters.append(unicodedata.normalize("NFD", char)[0])
    return _numbers_padded("".join(letters)), label


def _numbers_padded(text: str) -> str:
    return re.sub(r"\d+", lambda m: m.group().zfill(8), text)
