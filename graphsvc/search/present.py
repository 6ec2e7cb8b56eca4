"""What was found, as JSON, CSV and as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphsvc.markup import link
from graphsvc.search.index import Hit, NameIndex
from graphsvc.spreadsheet import DELIMITERS, csv_text

_COLUMNS = {
    "sv": ("Namn", "Slag", "Hittad som", "Dokument", "Likhet", "IRI"),
    "en": ("Name", "Kind", "Found as", "Document", "Likeness", "IRI"),
}
_NOTHING = {"sv": "Inget i grafen har ett sådant namn.", "en": "Nothing in the graph has such a name."}


def hits_json(index: NameIndex, hits: Sequence[Hit], language: str) -> list[dict[str, Any]]:
    """The hits as the API gives them; `link` is the path of the service that tells of the thing."""
    return [
        {
            "iri": hit.iri,
            "label": hit.label,
            "kind": {"iri": hit.kind, "label": index.kind_label(hit.kind, language)},
            "name": hit.name,
            "document": {"iri": hit.document, "label": index.label(hit.document, language)} if hit.document else None,
            "score": hit.score,
            "link": link(hit.iri, language),
        }
        for hit in hits
    ]


def hits_csv(index: NameIndex, hits: Sequence[Hit], language: str) -> str:
    """The hits as CSV for a spreadsheet set to the language."""
    rows = ((*_row(index, hit, language), f"{hit.score:.2f}", hit.iri) for hit in hits)
    return csv_text([_COLUMNS[language], *rows], DELIMITERS[language])


def hits_text(index: NameIndex, hits: Sequence[Hit], language: str) -> str:
    """The hits as a table, a line each, with their addresses; or that there is nothing."""
    if not hits:
        return _NOTHING[language]
    rows = [_row(index, hit, language)[:2] for hit in hits]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = []
    for hit, (label, kind) in zip(hits, rows, strict=True):
        alias = "" if hit.name == hit.label else f"  ({hit.name})"
        lines.append(f"{label:<{min(widths[0], 70)}}  {kind:<{widths[1]}}{alias}".rstrip())
        lines.append(f"    <{hit.iri}>")
    return "\n".join(lines)


def _row(index: NameIndex, hit: Hit, language: str) -> tuple[str, str, str, str]:
    document = index.label(hit.document, language) if hit.document else ""
    return hit.label, index.kind_label(hit.kind, language), hit.name, document
