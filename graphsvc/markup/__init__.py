"""HTML from the templates here, and the policy that each page is sent with; the only home of jinja2."""

from __future__ import annotations

import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from graphsvc.formats import Format
from graphsvc.markup import assets
from graphsvc.markup.frame import Frame, Link, local
from graphsvc.namespaces import BASE, shorten
from graphsvc.terms import dashed

__all__ = ["POLICY", "Frame", "Link", "link", "local", "render", "version"]

_HERE = Path(__file__).parent
_FOLDER = _HERE / "templates"
_TONGUES = {"sv": {"sv": "svenska", "en": "engelska"}, "en": {"sv": "Swedish", "en": "English"}}
_MONTHS = {
    "sv": ("januari", "februari", "mars", "april", "maj", "juni",
           "juli", "augusti", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip

POLICY: Final[dict[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
"""The headers that a page is sent with: only the service's own style, script and mark, nothing inline, no other host."""

_VERBATIM = ("blockquote", "code", "pre", "textarea", "script")
_AS_IT_IS = re.compile("(<(?:" + "|".join(rf"{name}\b.*?</{name}" for name in _VERBATIM) + "|[^>]*)>)", re.DOTALL)
_SLUG = "([a-z0-9-]+)"
_THING_PAGES = (
    (re.compile(f"id/{_SLUG}/actor/{_SLUG}"), r"/aktor/\1/\2"),
    (re.compile(f"id/{_SLUG}/document/{_SLUG}(/{_SLUG})?"), r"/dokument/\1/\2\3"),
    (re.compile(f"id/{_SLUG}/source/{_SLUG}"), r"/kalla/\1/\2"),
)


@cache
def version() -> str:
    """A digest of the templates and of what they refer to: pages of one release differ when it does."""
    total = hashlib.sha256()
    for path in sorted([*_FOLDER.iterdir(), *(_HERE / "static").iterdir()]):
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def render(template: str, language: str, **values: Any) -> str:
    """The page `template`.html in `language` (sv or en), with `values`; everything in them is escaped.

    `frame` (a Frame) is what stands around it; a page without one gets a plain one.
    """
    values.setdefault("frame", Frame(language))
    return _dashed(_environment(language).get_template(f"{template}.html").render(**values))


def _dashed(page: str) -> str:
    """`page` with a dash between years where readers see them; what is within a tag, quoted or for machines stays."""
    return "".join(part if "-" not in part or part.startswith("<") else dashed(part) for part in _AS_IT_IS.split(page))


@lru_cache(maxsize=8192)
def link(iri: str, language: str) -> str:
    """Where the service tells of `iri`: its page for readers, or its path; the IRI itself elsewhere; or nothing."""
    if not iri.startswith(BASE):
        return iri if iri.startswith(("http://", "https://", "mailto:")) else ""
    path, _, fragment = iri.removeprefix(BASE).partition("#")
    for pattern, page in _THING_PAGES:
        if found := pattern.fullmatch(path):
            return local(quote(found.expand(page)), language)
    return local(f"/{quote(path)}", language) + (f"#{quote(fragment)}" if fragment else "")


@lru_cache(maxsize=4)
def _environment(language: str) -> Environment:
    made = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                       lstrip_blocks=True, auto_reload=False)  # fmt: skip
    made.globals |= {"language": language, "iri_base": BASE, "static": assets.address,
                     "say": lambda sv, en: en if language == "en" else sv}  # fmt: skip
    made.filters |= {
        "href": lambda iri: link(iri, language),
        "go": lambda path, **query: local(path, language, tuple((name, str(value)) for name, value in query.items())),
        "append": lambda text, more: text + more,
        "shorten": shorten,
        "media": lambda name: Format(name).media_type,
        "tongue": lambda tag: _TONGUES[language].get(tag, tag),
        "number": lambda value: _number(value, language),
        "day": lambda text: _day(text, language),
        "lower_first": lambda text: text if text[1:2].isupper() else text[:1].lower() + text[1:],
        "tail": lambda iri: re.split(r"[/#]", iri)[-1],
        "shortened": lambda text, most: text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …",
    }
    return made


def _number(value: int, language: str) -> str:
    """A whole number as it is written: 45 399 in Swedish, 45,399 in English."""
    grouped = f"{value:,}"
    return grouped if language == "en" else grouped.replace(",", "\u00a0")


def _day(text: str, language: str) -> str:
    """A date (2018-01-18, perhaps with a time) as it is written in running text; anything else as it is."""
    found = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    if not found or not 1 <= int(found[2]) <= 12:
        return text
    return f"{int(found[3])}\u00a0{_MONTHS[language][int(found[2]) - 1]} {found[1]}"
