"""What a page shows, as a file: CSV and a workbook for Excel, and JSON, each with the question, the release and the link.

XlsxWriter makes the workbooks: it only writes, which is all that is needed, streams rows, and has no dependencies.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from graphsvc.pages.frame import Page
from graphsvc.pages.tables import Table
from graphsvc.questions import present
from graphsvc.questions.run import AnswerRow
from graphsvc.spreadsheet import DELIMITERS, csv_text

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""The files that a page can be had as, by their ending, and their media types."""

_WIDEST, _NARROWEST, _LONGEST_CELL = 60, 9, 32_000
_WORDS = {
    "sv": {"title": "Sida i Styrgraf", "release": "Utgåva", "link": "Länk", "answer": "Svar", "about": "Om svaret",
           "empty": "Inget svar", "licence": "Licens", "table": "Tabell"},
    "en": {"title": "Page in Styrgraf", "release": "Release", "link": "Link", "answer": "Answer", "about": "About",
           "empty": "No answer", "licence": "Licence", "table": "Table"},
}  # fmt: skip


def file_of(page: Page, ending: str) -> bytes:
    """The tables of `page` as a file with that ending (a key of MEDIA)."""
    return {"csv": as_csv, "xlsx": as_xlsx, "json": as_json}[ending](page)


def name_of(page: Page, ending: str) -> str:
    """What the file is called where it is saved: the page's path and the release, in letters that every system takes."""
    return f"{page.frame.path.strip('/').replace('/', '-') or 'styrgraf'}-{page.frame.release}.{ending}"


def as_csv(page: Page) -> bytes:
    """The tables as CSV that Excel opens with its åäö and in columns, a line for each row and passage.

    What it is stands after the rows, so that a column keeps one meaning.
    """
    written: list[Iterable[str]] = []
    for table in page.tables:
        written += [[table.title]] if len(page.tables) > 1 else []
        written += [*lines(table, page.frame.language), []]
    written += about(page)
    return csv_text(written, DELIMITERS[page.frame.language]).encode()


def as_xlsx(page: Page) -> bytes:
    """The tables as a workbook, a sheet each, and a sheet that says what they are."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.set_properties({"title": page.frame.title, "comments": page.frame.permanent})
        head, text = (
            book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        language, taken = page.frame.language, set[str]()
        for number, table in enumerate(page.tables, 1):
            title = _WORDS[language]["answer"] if len(page.tables) == 1 else _sheet_name(f"{number} {table.title}", taken)
            _write(book.add_worksheet(title), list(lines(table, language)), head, text, filtered=True)
        _write(book.add_worksheet(_WORDS[language]["about"]), [list(line) for line in about(page)], text, text)
    return out.getvalue()


def as_json(page: Page) -> bytes:
    """The tables as JSON: things by IRI and label, values with their datatype, and the passages of each row."""
    frame = page.frame
    told = {
        "title": frame.title,
        "release": frame.release,
        "link": frame.permanent,
        "language": frame.language,
        "tables": [
            {
                "title": table.title,
                "question": table.question or None,
                "parameters": [{"label": label, "value": value} for label, value in table.parameters],
                "columns": [{"name": column.name, "label": column.label} for column in table.columns],
                "rows": [_row(row) for row in _all(table)],
                "text": None if _all(table) else table.empty,
                "sparql": table.sparql or None,
            }
            for table in page.tables
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def lines(table: Table, language: str) -> Iterator[list[str]]:
    """The lines of a table as text: the headings, then one for each row and passage of it."""
    rows, titles = _all(table), {column.name: column.label for column in table.columns}
    yield from present.lines(titles, rows, language, proven=any(row.evidence for row in rows))
    if not rows:
        yield [table.empty or _WORDS[language]["empty"]]


def about(page: Page) -> Iterator[tuple[str, str]]:
    """What a file says of itself: the page, each question and what it was asked with, the release and the link."""
    frame, words = page.frame, _WORDS[page.frame.language]
    yield words["title"], frame.title
    for table in page.tables:
        if len(page.tables) > 1:
            yield words["table"], table.title
        yield from table.parameters
    yield words["release"], frame.release
    yield words["link"], frame.permanent
    yield words["licence"], "CC0 1.0"


def _all(table: Table) -> tuple[AnswerRow, ...]:
    return table.whole or table.rows


def _row(row: AnswerRow) -> dict[str, Any]:
    return {
        "cells": {name: present.cell_json(cell) for name, cell in row.cells.items()},
        "evidence": [present.passage_json(one) for one in row.evidence],
    }


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that Excel takes: at most 31 letters, none of them a mark of its own, and no other sheet's."""
    name = "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)[:31].strip()
    while name.casefold() in taken:
        name = name[:29] + "…"
    taken.add(name.casefold())
    return name


def _write(sheet: Any, rows: list[list[str]], head: Any, text: Any, filtered: bool = False) -> None:
    """Write `rows` on a sheet of XlsxWriter: the first as headings, whole numbers as such, columns as wide as they need."""
    widths: dict[int, int] = {}
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            shown = cell[:_LONGEST_CELL]
            if shown.isdigit() and len(shown) < 10:
                sheet.write_number(number, place, int(shown), text)
            else:
                sheet.write_string(number, place, shown, head if not number else text)
            widths[place] = max(widths.get(place, 0), max(map(len, shown.splitlines()), default=0))
    for place, width in widths.items():
        sheet.set_column(place, place, min(max(width + 2, _NARROWEST), _WIDEST))
    if filtered and rows:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows) - 1, 1), len(rows[0]) - 1)
