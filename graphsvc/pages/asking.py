"""The page of a sentence: how it was understood, what the answer is and where it stands, or what can be asked instead."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.ask import Understood, ask
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.questions import number_of, numbered
from graphsvc.pages.sections import link_of, shown
from graphsvc.pages.start import examples
from graphsvc.pages.tables import of_answer

_LONGEST = 500


@dataclass(frozen=True)
class Reading:
    """A way to read a sentence, in words, and the address of its question filled in so."""

    text: str
    link: str


def asked(visit: Visit) -> Page:
    """The answer to ?q=; the field and some questions to try where nothing is asked."""
    sentence = " ".join(visit.query.get("q", "").split())[:_LONGEST]
    if sentence:
        return _answered(visit, sentence)
    title = visit.say("Ställ en fråga", "Ask a question")
    return visit.page("fraga", title, query={}, sentence="", told=None, table=None, address=None, reading=None, readings=(),
                      tries=examples(visit.graph, visit.language))  # fmt: skip


def _answered(visit: Visit, sentence: str) -> Page:
    told = ask(visit.graph, sentence, visit.language)
    answer = told.answer
    whole = of_answer(answer, link=link_of(answer)) if answer else None
    shown_part = whole.part(number_of(visit)) if whole and whole.rows else None

    def address(page: int) -> str:
        return visit.go(visit.path, q=sentence, **numbered(visit, page))

    return visit.page("fraga", sentence, told.text, query={"q": sentence}, tables=[whole] if whole else [],
                      sentence=sentence, told=told, table=shown_part, address=address,
                      reading=_reading(visit, told.understood) if told.understood else None,
                      readings=[_reading(visit, other) for other in told.alternatives],
                      tries=told.suggestions or (examples(visit.graph, visit.language) if not answer else ()))  # fmt: skip


def _reading(visit: Visit, understood: Understood) -> Reading:
    """A reading in words, and the page of its question filled in."""
    given = {name: shown(value.iri or value.label) for name, value in understood.parameters.items()}
    return Reading(understood.sentence or understood.title, visit.go(f"/fragor/{understood.id}", **given))


PAGES: dict[str, Maker] = {"/fraga": asked}
