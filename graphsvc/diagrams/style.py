"""How things and links are drawn, as queries/views/style.yaml says: a shape for a class, a line for a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphsvc import headers
from graphsvc.content import Content
from graphsvc.errors import BadFile
from graphsvc.namespaces import shorten

SHAPES = ("page", "plain", "bar", "rounded", "pill", "double", "chamfer", "tag", "note")
DASHES = {"solid": "", "dashed": "5 3", "dotted": "1 2.4", "dashdot": "7 2.5 1.5 2.5"}
INK, QUIET, PAPER = "#1a1a1a", "#404040", "#ffffff"
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Look:
    """How a thing of a class is drawn: its shape, fill and outline colour, and what one and many of it are called."""

    shape: str
    fill: str
    line: str
    one: Texts
    many: Texts


@dataclass(frozen=True)
class Stroke:
    """How a link in a role is drawn: dashes (SVG), width (points), colour, whether with an arrow; and its words."""

    dashes: str
    width: float
    colour: str
    arrow: bool
    label: Texts
    sentence: Texts


@dataclass(frozen=True)
class Style:
    """The looks by class and the strokes by role, both by prefixed name."""

    looks: Mapping[str, Look]
    strokes: Mapping[str, Stroke]

    def look(self, kind: str) -> Look:
        """How things of the class `kind` (an IRI) are drawn; plainly where the style says nothing."""
        name = shorten(kind)
        word = name.partition(":")[2]
        return self.looks.get(name) or Look("plain", PAPER, QUIET, {"sv": word, "en": word}, {"sv": word, "en": word})

    def place(self, role: str) -> tuple[int, str]:
        """Where `role` (an IRI) stands among the roles: as in the style's file, and those that it lacks last, by name."""
        names = list(self.strokes)
        name = shorten(role)
        return (names.index(name) if name in self.strokes else len(names)), name

    def stroke(self, role: str) -> Stroke:
        """How links in `role` (an IRI) are drawn; thin, under its own name, where the style says nothing."""
        name = shorten(role)
        word = name.partition(":")[2]
        told = {"sv": f"{{from}} – {word}: {{to}}.", "en": f"{{from}} – {word}: {{to}}."}
        return self.strokes.get(name) or Stroke("", 0.8, QUIET, True, {"sv": word, "en": word}, told)


def style_of(content: Content) -> Style:
    """The style of the content's views; BadFile where its file is not as it should be."""
    path = content.root / "queries" / "views" / "style.yaml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Style:
    try:
        told = headers.document(path)
        looks = {name: _look(given) for name, given in told["classes"].items()}
        strokes = {name: _stroke(given) for name, given in told["roles"].items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise BadFile(path, f"Stilen kan inte läsas: {error}.", "Skriv classes och roles som de andra i filen.") from None
    wrong = [name for name, look in looks.items() if look.shape not in SHAPES]
    if wrong:
        raise BadFile(path, f"{', '.join(wrong)} har en okänd form.", f"Välj bland {', '.join(SHAPES)}.")
    return Style(looks, strokes)


def _look(given: Mapping[str, Any]) -> Look:
    return Look(given["shape"], given["fill"], given["line"], given["one"], given["many"])


def _stroke(given: Mapping[str, Any]) -> Stroke:
    dashes, arrow = DASHES[given["line"]], bool(given.get("arrow", False))
    return Stroke(dashes, float(given["width"]), given["colour"], arrow, given["label"], given["sentence"])
