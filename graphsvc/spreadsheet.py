"""CSV for spreadsheets: read with its åäö, and no cell of it run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for another encoding
DELIMITERS = {"sv": ";", "en": ","}  # as spreadsheets set to the language expect; programs expect the comma (RFC 4180)
_FORMULA = re.compile("[\t\r\n]|[\\s\0\ufeff\u200b]*[-=+@＝＋－＠]")
_SIGNED = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)?")


def csv_text(lines: Iterable[Iterable[str]], delimiter: str = ",") -> str:
    """The lines of cells as CSV (RFC 4180), every cell harmless."""
    out = io.StringIO()
    out.write(_BYTE_ORDER_MARK)
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(map(harmless, line) for line in lines)
    return out.getvalue()


def harmless(text: str) -> str:
    """`text` so that a spreadsheet shows it and never runs it; some skip spaces, and read wide signs as plain."""
    return "'" + text if _FORMULA.match(text) and not _SIGNED.fullmatch(text) else text
