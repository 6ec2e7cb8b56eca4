"""Days, months and years in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "januari january jan", "februari february feb", "mars march mar", "april apr", "maj may", "juni june jun",
            "juli july jul", "augusti august aug", "september sept sep", "oktober october okt oct", "november nov",
            "december dec",
        ),
        start=1,
    )
    for month in names.split()
}  # fmt: skip
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?::?e|:?a|st|nd|rd|th)?"
_FORMS = (
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d)\b"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)\b"),
    re.compile(rf"\b(?:den\s+|the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(r"\b(?P<day>[0-3]?\d)/(?P<month>[01]?\d)[\s/-]+(?P<year>(?:19|20)\d\d)\b"),
    re.compile(r"\b(?P<day>[0-3]?\d)\.(?P<month>[01]?\d)\.(?P<year>(?:19|20)\d\d)\b"),
    re.compile(rf"\b{_MONTH}\s+{_YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{_YEAR}\b[^\d?.;]{{1,20}}?\b{_DAY}\s+(?:of\s+)?{_MONTH}\b", re.IGNORECASE),
    re.compile(rf"(?<![\d:/–-])(?:år\s+|year\s+)?{_YEAR}(?![\d:-]|–\d)\b", re.IGNORECASE),
)


@dataclass(frozen=True)
class Day:
    """A day, a month or a year, and where it stands: `value` is its (first) day, `exact` whether the day was given."""

    start: int
    end: int
    value: date
    exact: bool


def days(sentence: str) -> list[Day]:
    """The days that `sentence` names, in order; a month or a year is its first day."""
    found: list[Day] = []
    for form in _FORMS:
        for match in form.finditer(sentence):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            day = _day(match)
            if day is not None:
                found.append(day)
    return sorted(found, key=lambda day: day.start)


def _day(match: re.Match[str]) -> Day | None:
    parts = match.groupdict()
    month = parts.get("month")
    try:
        number = _MONTHS[month.casefold()] if month and month.casefold() in _MONTHS else int(month or 1)
        value = date(int(parts["year"]), number, int(parts.get("day") or 1))
    except ValueError:
        return None
    return Day(match.start(), match.end(), value, parts.get("day") is not None)
