"""The ontology as a page to read, generated from the ontology itself."""

from __future__ import annotations

import html
from collections import defaultdict

from graphsvc.content import Content
from graphsvc.namespaces import ONTOLOGY, OWL, SKOS, shorten
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.terms import Row, sort_key

_WORDS = {
    "sv": {"title": "Styrgrafs ontologi", "classes": "Klasser", "properties": "Egenskaper", "concepts": "Begrepp",
           "under": "Närmaste standard", "none": "Ingen standard passar", "domain": "Gäller", "range": "Värde"},
    "en": {"title": "The Styrgraf ontology", "classes": "Classes", "properties": "Properties", "concepts": "Concepts",
           "under": "Nearest standard", "none": "No standard fits", "domain": "Of", "range": "Value"},
}  # fmt: skip
_SECTIONS = {OWL + "Class": "classes", OWL + "ObjectProperty": "properties", OWL + "DatatypeProperty": "properties",
             OWL + "AnnotationProperty": "properties", SKOS + "Concept": "concepts"}  # fmt: skip
_STYLE = (
    "body{font:1.05rem/1.5 Georgia,serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1c2733;background:#fdfcf9}"
    "h1,h2,h3{font-family:system-ui,sans-serif;line-height:1.2}h3{margin:1.6rem 0 .2rem}code{color:#52606d;font-size:.85em}"
    "dl{margin:.2rem 0;display:grid;grid-template-columns:max-content 1fr;gap:0 .8rem;font-size:.92em}"
    "dt{color:#52606d}dd{margin:0}"
)


def page(store: EmbeddedStore, content: Content, language: str) -> str:
    """The ontology in `store` as one HTML page in `language` (sv or en): its classes, properties and concepts."""
    words, terms = _WORDS[language], defaultdict[str, list[Row]](list)
    for row in store.select(content.lookup("ontology")).rows:
        if row["term"].value.startswith(ONTOLOGY):
            terms[row["term"].value].append(row)
    sections: dict[str, list[tuple[str, str]]] = {name: [] for name in ("classes", "properties", "concepts")}
    for iri, rows in terms.items():
        label = _text(rows, "label", language) or shorten(iri)
        sections[_SECTIONS[rows[0]["kind"].value]].append((label, _entry(iri, label, rows, language)))
    body = ""
    for name, entries in sections.items():
        told = "".join(text for _, text in sorted(entries, key=lambda entry: sort_key(entry[0])))
        body += f"<section><h2>{words[name]}</h2>{told}</section>"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{words["title"]}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{words['title']}</h1>{body}</main></body></html>"
    )


def _entry(iri: str, label: str, rows: list[Row], language: str) -> str:
    words = _WORDS[language]
    facts = [
        (words["domain"], _iris(rows, "domain")),
        (words["range"], _iris(rows, "range")),
        (words["under"], _iris(rows, "aligned")),
        (words["none"], html.escape(_text(rows, "why", language))),
    ]
    told = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value)
    anchor = html.escape(iri.removeprefix(ONTOLOGY).lstrip("#/").replace("/", "-"))
    return (
        f'<article id="{anchor}"><h3>{html.escape(label)} <code>{html.escape(shorten(iri))}</code></h3>'
        f"<p>{html.escape(_text(rows, 'definition', language))}</p>{f'<dl>{told}</dl>' if told else ''}</article>"
    )


def _text(rows: list[Row], name: str, language: str) -> str:
    texts = {getattr(row[name], "language", ""): row[name].value for row in rows if name in row}
    return texts.get(language) or texts.get("sv") or ""


def _iris(rows: list[Row], name: str) -> str:
    found = sorted({shorten(row[name].value) for row in rows if name in row})
    return ", ".join(f"<code>{html.escape(iri)}</code>" for iri in found)
