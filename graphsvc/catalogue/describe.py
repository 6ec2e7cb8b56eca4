"""The descriptions of a release: its DCAT-AP-SE catalogue, its VoID and the description of its SPARQL service.

What is said stands in queries/lookups/ (catalogue-*, void-*, service-*), as CONSTRUCTs; here they are given the settings and
put together. Only catalogue-source and statistics-* are asked of the release, plainly enough for any engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal as Choice
from typing import get_args

from graphsvc.catalogue.statistics import statistics
from graphsvc.content import Content
from graphsvc.formats import GRAPHS, RESULTS, Format
from graphsvc.labels import bind
from graphsvc.namespaces import PREFIXES, XSD
from graphsvc.questions.catalogue import Catalogue, Question
from graphsvc.release.build import Manifest
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.interface import Store
from graphsvc.terms import Iri, Literal, Term

Kind = Choice["catalogue", "void", "service"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_HEADER = re.compile(r"^#\+.*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Descriptions:
    """The descriptions of the release in `store`, under the address and publisher of `settings`.

    `counted` is what `statistics` gave when the release was built (None: it is counted at first use), and `files` whether
    the whole release can be downloaded here. As a release is immutable, each description is made once.
    """

    store: Store
    content: Content
    manifest: Manifest
    settings: Settings
    questions: Catalogue
    counted: bytes | None = None
    files: bool = True
    _made: dict[tuple[Kind, str], bytes] = field(default_factory=dict, repr=False, compare=False)

    def answer(self, kind: Kind, format: Format) -> bytes:
        """The description of that `kind`, in an RDF format; always the same bytes for the same release and settings."""
        key = (kind, format.name)
        if key not in self._made:
            self._made[key] = _loaded(getattr(self, kind)).answer(self.content.lookup("all-triples"), format)
        return self._made[key]

    @cached_property
    def statistics(self) -> bytes:
        """What the release holds, as VoID in N-Triples."""
        return statistics(self.store, self.content) if self.counted is None else self.counted

    @cached_property
    def catalogue(self) -> bytes:
        """The catalogue in N-Triples (DCAT-AP-SE 3), with what DCAT-AP wants known of the code lists it uses."""
        said = _loaded(self.store.construct(self.content.lookup("catalogue-source")))
        parts = ("catalog", "dataset", "distributions", "services")
        whole = _loaded(*(said.construct(self._query(f"catalogue-{part}")) for part in parts))
        for step in ("classes", "concepts"):
            whole.derive(self.content.lookup(f"catalogue-{step}"))
        return whole.construct(self.content.lookup("all-triples"))

    @cached_property
    def void(self) -> bytes:
        """The VoID description in N-Triples (VoID §2 to §4): how to get at the data, and what it holds."""
        known = _loaded(self.catalogue, self.statistics)
        return self.statistics + known.construct(self._query("void-access", _media_types(GRAPHS)))

    @cached_property
    def service(self) -> bytes:
        """The SPARQL service in N-Triples (SPARQL 1.1 Service Description §3), and the named questions as examples."""
        known = _loaded(self.catalogue, self.statistics)
        description = self._query("service-description", _media_types((*RESULTS, *GRAPHS)))
        examples = [row for question in self.questions for row in _example(question)]
        prefixes = [(Literal(prefix), Literal(namespace, XSD + "anyURI")) for prefix, namespace in PREFIXES.items()]
        query = _with_rows(self._query("service-examples"), ("prefix", "namespace"), prefixes)
        query = _with_rows(query, ("id", "label", "comment", "select"), examples)
        return known.construct(description) + known.construct(query)

    def _query(self, name: str, more: Mapping[str, Iterable[Term]] | None = None) -> str:
        """The lookup `name` with the settings, the release and `more` bound."""
        settings = self.settings
        values: dict[str, Iterable[Term]] = {
            "address": [Literal(settings.public_address.rstrip("/") + "/")],
            "publisher": [Iri(settings.publisher)],
            "publisherName": [Literal(settings.publisher_name)],
            "publisherType": [Iri(settings.publisher_type)],
            "contact": [Iri(settings.contact)] if settings.contact else [],
            "release": [Literal(self.manifest.name)],
            "created": [Literal(self.manifest.created, XSD + "dateTime")],
            "seconds": [Literal(f"{settings.query_seconds:g}")],
            "bytes": [Literal(str(settings.answer_bytes))],
            "files": [Literal(str(self.files).lower(), XSD + "boolean")],
        }
        return bind(self.content.lookup(name), {**values, **(more or {})})


def _loaded(*triples: bytes) -> EmbeddedStore:
    """A store in memory that holds those N-Triples."""
    store = EmbeddedStore.create()
    for part in triples:
        store.load_ntriples(part)
    return store


def _media_types(names: Iterable[str]) -> dict[str, Iterable[Term]]:
    return {"mediaType": [Literal(Format(name).media_type) for name in names]}


def _example(question: Question) -> list[Sequence[Term]]:
    """A question as rows of its id, title, description and query, one for each language."""
    select = Literal(_HEADER.sub("", question.query).strip())
    return [
        (Literal(question.id), Literal(title, language=tag), Literal(question.description[tag], language=tag), select)
        for tag, title in question.title.items()
    ]


def _with_rows(query: str, names: Sequence[str], rows: Iterable[Sequence[Term]]) -> str:
    """`query` with the data of its `VALUES (?name …) { … }` block (SPARQL 1.1 §18.2.4.3) replaced by `rows`, serialised."""
    variables = " ".join(f"?{name}" for name in names)
    block = "".join(f"({' '.join(term.sparql() for term in row)}) " for row in rows)
    pattern = rf"VALUES\s+\({re.escape(variables)}\)\s*\{{[^}}]*\}}"
    return re.sub(pattern, lambda _: f"VALUES ({variables}) {{ {block}}}", query)
