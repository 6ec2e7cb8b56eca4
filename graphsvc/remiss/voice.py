"""How an appendix is worded: in Swedish or English, with the numbers, dates, pages and spaces that the language wants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MONTHS = {
    "sv": ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
           "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip
_NUMBERS = {
    "sv": ("ingen", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
}
_ROLES = {
    "sv": {"responsible": "ansvarig", "participating": "deltagande", "collaborating": "i samverkan",
           "pilot": "pilotverksamhet", "mentioned": "omnämnd"},
    "en": {"responsible": "responsible", "participating": "participating", "collaborating": "collaborating",
           "pilot": "pilot", "mentioned": "mentioned"},
}  # fmt: skip
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_SPACE = "\u00a0"


@dataclass(frozen=True)
class Voice:
    """The voice of an appendix in `language` (sv or en)."""

    language: str

    def say(self, swedish: str, english: str) -> str:
        """The one of the two in the language."""
        return english if self.language == "en" else swedish

    def number(self, count: int, *, neuter: bool = False) -> str:
        """A count in words up to twelve, in figures above; neuter as in `ett beslut`."""
        if neuter and self.language == "sv" and count < 2:
            return ("inget", "ett")[count]
        names = _NUMBERS[self.language]
        return names[count] if count < len(names) else str(count)

    def date(self, iso: str) -> str:
        """2019-03-31 as 31 mars 2019, 2018-01 as januari 2018, with spaces that do not break; anything else as it is."""
        read = _DATE.fullmatch(iso)
        if not read or not 1 <= int(read[2]) <= 12:
            return iso
        day = [str(int(read[3]))] if read[3] else []
        return _SPACE.join([*day, _MONTHS[self.language][int(read[2]) - 1], read[1]])

    def listing(self, names: Sequence[str]) -> str:
        """`a, b och c`."""
        if len(names) < 2:
            return "".join(names)
        return ", ".join(names[:-1]) + self.say(" och ", " and ") + names[-1]

    def page(self, number: int | None) -> str:
        """`s. 14`, the two kept together; empty where the page is not known."""
        return self.say("s.", "p.") + f"{_SPACE}{number}" if number else ""

    def role(self, role: str) -> str:
        """What a role (its local name) is called in running text."""
        return _ROLES[self.language].get(role, role)

    def quoted(self, text: str) -> str:
        """`text` between the language's quotation marks."""
        return self.say(f"”{text}”", f"“{text}”")


def capital(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]
