"""What stands around the content of every page: its title, where it is, its language, its release, its downloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

PLACES: Final[tuple[tuple[str, tuple[str, str], tuple[str, str]], ...]] = (
    ("/fragor", ("Frågor", "Questions"), ("allt som kan frågas, med formulär", "all that can be asked, with forms")),
    ("/aktorer", ("Aktörer", "Actors"), ("nämnder, bolag, grupper och andra", "committees, companies, groups and others")),
    ("/dokument", ("Dokument", "Documents"), ("styrande dokument och vad som rör dem", "governing documents and more")),
    ("/aktiviteter", ("Aktiviteter", "Activities"), ("vad som ska göras, och av vem", "what is to be done, and by whom")),
    ("/matris", ("Matris", "Matrix"), ("vem som gör vad i ett dokument", "who does what in a document")),
    ("/kedja", ("Kedjor", "Chains"), ("hur saker hänger ihop", "how things hang together")),
    ("/luckor", ("Luckor", "Gaps"), ("vad som fattas eller inte stämmer", "what is missing or does not agree")),
    ("/sparql", ("SPARQL", "SPARQL"), ("för den som skriver egna frågor", "for those who write their own queries")),
)
"""The ways in that every page shows, as (path, name, note), each in Swedish and English: a way in adds its line here."""


@dataclass(frozen=True)
class Link:
    """A link: what it says, where it leads (with the language in it), and a short note on it or nothing."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True)
class Frame:
    """The frame of a page in `language` (sv or en).

    `path` and `query` are the page's own address, without the language; `title` is also the first heading unless the page
    says otherwise; `crumbs` lead here from the start page, the page itself left out; `release` and `created` (a date) are
    of the data that is shown; `address` is the service's public address, ending in /; `downloads` are what is shown, in
    other formats; `alternates` are (media type, address, title) of the same thing in other formats; `canonical` is
    the IRI of what the page tells of, where it has one.
    """

    language: str = "sv"
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    title: str = ""
    description: str = ""
    crumbs: tuple[Link, ...] = ()
    release: str = "–"
    created: str = ""
    address: str = ""
    downloads: tuple[Link, ...] = ()
    alternates: tuple[tuple[str, str, str], ...] = ()
    canonical: str = ""

    @property
    def here(self) -> str:
        """The page's own address, from /."""
        return local(self.path, self.language, self.query)

    @property
    def other(self) -> str:
        """The same page in the other language."""
        return local(self.path, "sv" if self.language == "en" else "en", self.query)

    @property
    def permanent(self) -> str:
        """The address to cite: that of the public service."""
        return self.address.rstrip("/") + self.here

    @property
    def places(self) -> tuple[tuple[Link, bool], ...]:
        """The ways in, and whether the page lies under each."""
        tongue = 1 if self.language == "en" else 0
        return tuple((Link(name[tongue], local(path, self.language), note[tongue]), _lies_under(self.path, path))
                     for path, name, note in PLACES)  # fmt: skip


def local(path: str, language: str, query: tuple[tuple[str, str], ...] = ()) -> str:
    """The address of a page of ours in `language`, from /; Swedish needs no word of it."""
    told = [*query, ("lang", "en")] if language == "en" else list(query)
    return path + ("?" + urlencode(told, safe=":/") if told else "")


def _lies_under(path: str, place: str) -> bool:
    return path == place or path.startswith((place + "/", place + "."))
