"""The graph as its users meet it: the content, the current release opened for reading, and its named questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from graphsvc.content import Content
from graphsvc.errors import BadFile, BadParameter, NoRelease
from graphsvc.formats import for_answer
from graphsvc.questions.catalogue import Catalogue, Parameter, Question
from graphsvc.questions.names import resolve
from graphsvc.questions.overviews import Overview, overviews
from graphsvc.questions.run import Answer, Inquiry, run
from graphsvc.release.assemble import Progress, silent
from graphsvc.release.build import Release, ensure
from graphsvc.search import build
from graphsvc.search.index import NameIndex
from graphsvc.search.ordinary import common_words
from graphsvc.settings import Settings
from graphsvc.store.embedded import EmbeddedStore
from graphsvc.store.interface import Store
from graphsvc.terms import Iri

if TYPE_CHECKING:  # SPARQLWrapper takes long to import, and few need it
    from graphsvc.release.remote import RemoteRelease

_MOST_WHOLE = 2_000_000  # quads: a question about all of more than that takes seconds, and nothing can end it


@dataclass(frozen=True)
class Graph:
    """A release, ready to answer."""

    content: Content
    release: Release | RemoteRelease
    questions: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "questions", Catalogue(self.content))

    @cached_property
    def store(self) -> Store:
        """The release's store, opened read-only at first use."""
        return self.release.open()

    @cached_property
    def names(self) -> NameIndex:
        """The index of everything that has a name, built beside the release at first use where it came without one."""
        ordinary = common_words(_phrasings(question) for question in self.questions)
        return NameIndex(build.ensure(self.store, self.content, self.release.folder), ordinary)

    @cached_property
    def overviews(self) -> tuple[Overview, ...]:
        """What is told of each kind of thing, by which named questions."""
        return overviews(self.content, self.questions)

    def answer(self, question: str, given: Mapping[str, str | Iri], language: str = "sv") -> Answer:
        """Answer the named question `question`; a BadInput error where the question or a parameter cannot be used."""
        return self.answers([Inquiry(self.questions[question], given)], language)[0]

    def answers(self, inquiries: Iterable[Inquiry], language: str = "sv") -> list[Answer]:
        """Answer several questions together; a BadInput error where a parameter cannot be used, or one is needed."""
        asked = list(inquiries)
        for inquiry in asked:
            self._check_bounds(inquiry, language)
        return run(self.store, self.content, asked, language, self.nearest)

    def _check_bounds(self, inquiry: Inquiry, language: str) -> None:
        """BadParameter where a question that can be about a thing would be about all of a graph too large for that."""
        things = [parameter for parameter in inquiry.question.parameters if parameter.kind == "thing"]
        large = self.release.manifest.counts.get("quads", 0) > _MOST_WHOLE
        if large and things and not any(inquiry.given.get(parameter.name) for parameter in things):
            label = things[0].label[language].lower()
            swedish = f"behövs: grafen är för stor för att svara om allt. Ange {label}."
            raise BadParameter(
                things[0].name, swedish, f"is needed: the graph is too large to answer about all. Give {label}."
            )

    def resolve(self, parameter: Parameter, text: str, language: str = "sv") -> Iri:
        """The thing that `text` names, as a parameter of a question; UnknownName, AmbiguousName or BadParameter if none."""
        return resolve(self.store, self.content, parameter, text, language, self.nearest)

    def nearest(self, text: str, of: str, language: str = "sv") -> list[tuple[str, str]]:
        """The (IRI, label) of the three things of the class `of` whose names are most like `text`, best first."""
        return [(hit.iri, hit.label) for hit in self.names.search(text, language=language, kinds=[of], most=3)]

    def query(self, sparql: str, form: str | None = None) -> bytes:
        """Answer any SPARQL query, in the format that `form` names; BadQuery or UnknownFormat."""
        return self.store.answer(sparql, for_answer(self.store.kind(sparql), form))


def _phrasings(question: Question) -> list[str]:
    return [*question.title.values(), *(text for texts in question.examples.values() for text in texts)]


def query_files(files: Iterable[Path], sparql: str, form: str | None = None) -> bytes:
    """Answer `sparql` over Turtle `files` instead of a release; BadFile, BadQuery or UnknownFormat."""
    store = EmbeddedStore.create()
    for path in files:
        if not path.is_file():
            raise BadFile(path, "Filen finns inte.", "Ange en Turtle-fil.")
        store.load(path, None)
    return store.answer(sparql, for_answer(store.kind(sparql), form))


def open_graph(settings: Settings, progress: Progress = silent) -> Graph:
    """The graph of the current content, built first if it was not; UnsoundData or BadFile if it cannot be.

    Where the settings name an endpoint, it is the release that is current there, loaded first if there is none.
    """
    content = Content(settings.content)
    if not settings.endpoint:
        return Graph(content, ensure(content, settings.workspace, progress))
    try:
        return open_remote(settings)
    except NoRelease:
        return Graph(content, load_remote(settings, ensure(content, settings.workspace, progress), progress))


def open_remote(settings: Settings) -> Graph:
    """The graph that is current at the settings' endpoint; NoRelease if there is none, and every RemoteFailed."""
    from graphsvc.release.remote import current_remote
    from graphsvc.store.remote import Remote
    from graphsvc.store.transport import Endpoint

    content = Content(settings.content)
    return Graph(content, current_remote(Remote(Endpoint.of(settings)), content, settings.workspace))


def load_remote(settings: Settings, release: Release, progress: Progress = silent) -> RemoteRelease:
    """Load `release` at the settings' endpoint and make it current there; every RemoteFailed, and nothing changed."""
    from graphsvc.release.remote import publish
    from graphsvc.store.remote import Remote
    from graphsvc.store.transport import Endpoint

    return publish(release, Remote(Endpoint.of(settings)), Content(settings.content), progress)
