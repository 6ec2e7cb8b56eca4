"""HTML from the templates here, and the policy that each page is sent with; the only home of jinja2."""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from graphsvc.formats import Format
from graphsvc.namespaces import BASE, shorten

_FOLDER = Path(__file__).parent / "templates"
_STYLE = (_FOLDER / "style.css").read_text("utf-8")
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_TONGUES = {"sv": {"sv": "svenska", "en": "engelska"}, "en": {"sv": "Swedish", "en": "English"}}

POLICY: Final[dict[str, str]] = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_DIGEST}'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""The headers that a page is sent with: no script, no other host, and no style but its own (CSP 3 §2.3, §6.6.2.2)."""


def version() -> str:
    """A digest of the templates: pages of one release differ when it does."""
    total = hashlib.sha256()
    for path in sorted(_FOLDER.iterdir()):
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def render(template: str, language: str, **values: Any) -> str:
    """The page `template`.html in `language` (sv or en), with `values`; everything in them is escaped."""
    return _environment(language).get_template(f"{template}.html").render(**values)


def link(iri: str, language: str) -> str:
    """Where the service tells of `iri`: its path for its own, the IRI itself elsewhere; empty where no browser goes."""
    if not iri.startswith(BASE):
        return iri if iri.startswith(("http://", "https://", "mailto:")) else ""
    path, _, fragment = iri.removeprefix(BASE).partition("#")
    return f"/{quote(path)}{'?lang=en' if language == 'en' else ''}{'#' + quote(fragment) if fragment else ''}"


@lru_cache(maxsize=4)
def _environment(language: str) -> Environment:
    made = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.globals |= {"language": language, "style": Markup(_STYLE), "iri_base": BASE, "other_language": "",
                     "say": lambda sv, en: en if language == "en" else sv}  # fmt: skip
    made.filters |= {
        "href": lambda iri: link(iri, language),
        "append": lambda text, more: text + more,
        "shorten": shorten,
        "media": lambda name: Format(name).media_type,
        "tongue": lambda tag: _TONGUES[language].get(tag, tag),
        "shortened": lambda text, most: text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + " …",
    }
    return made
