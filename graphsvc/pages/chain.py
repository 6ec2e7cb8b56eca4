"""The chain explorer: how two things hang together, and the responsibility chain of one, step by step with the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graphsvc.chains import between, responsibility
from graphsvc.chains.model import Chain, Chains, ResponsibilityChain, Step
from graphsvc.markup import Link
from graphsvc.pages.duties import duties_of
from graphsvc.pages.fields import NameField, choices, name_field, status_of
from graphsvc.pages.frame import Maker, Page, Visit
from graphsvc.pages.questions import number_of, numbered
from graphsvc.pages.sections import meant
from graphsvc.pages.tables import PASSAGES_OF_ROW, Heading, Table
from graphsvc.questions.run import AnswerRow, Cell
from graphsvc.terms import Iri, Literal

_MOST_CHAINS = 5
_MOST_STEPS, _MOST_PASSAGES = 12, 22
_MOST_SENTENCES, _MOST_NOTES = 8, 40
_MOST_EXAMPLES = 6
_PARTS = {
    "duties": ("Egna uppgifter", "Duties"),
    "up": ("Uppåt: program, uppdrag och beslut", "Up: programme, assignment and decision"),
    "down": ("Nedåt: aktiviteter, uppgifter och aktörer", "Down: activities, tasks and actors"),
    "across": ("Åt sidan: remiss, yttranden och uppföljning", "Across: consultation, responses and follow-up"),
}
_COLUMNS = {
    "sentence": ("Steg", "Step"),
    "from": ("Från", "From"),
    "relation": ("Samband", "Link"),
    "to": ("Till", "To"),
    "document": ("Dokument", "Document"),
    "basis": ("Grund", "Basis"),
}
_BASES = {
    "general-knowledge": ("allmän kännedom, ingen källa säger det", "general knowledge, no source says so"),
    "structure": ("följer av hur dokumentet är ordnat", "follows from how the document is arranged"),
}


@dataclass(frozen=True)
class Part:
    """A part of a responsibility chain: its name and title, the steps shown, how many there are, and where all are."""

    id: str
    title: str
    steps: tuple[Step, ...]
    total: int
    link: str


def page(visit: Visit) -> Page:
    """With ?fran= and ?till=: the chains between two things; with ?om=: the responsibility chain of one; else the forms."""
    start = name_field(visit, "fran", visit.say("Från", "From"))
    end = name_field(visit, "till", visit.say("Till", "To"))
    about = name_field(visit, "om", visit.say("Om", "About"))
    if about.value:
        return _responsibility(visit, start, end, about)
    if start.iri and end.iri:
        return _between(visit, start, end, about)
    return _page(visit, (start, end, about), visit.say("Kedjor", "Chains"), examples=_examples(visit))


PAGES: dict[str, Maker] = {"/kedja": page}


def _page(visit: Visit, fields: tuple[NameField, NameField, NameField], title: str, **values: Any) -> Page:
    start, end, about = fields
    lead = visit.say("Hur två saker hänger ihop, eller vad någon svarar för och inför vem, med orden bakom.",
                     "How two things hang together, or what someone answers for and to whom, with the words.")  # fmt: skip
    told: dict[str, Any] = {"chains": None, "chain": None, "parts": (), "table": None, "address": None, "examples": (),
            "tables": (),
            "query": {field.name: field.told for field in fields if field.value}, "sentences": _MOST_SENTENCES,
            "most_notes": _MOST_NOTES}  # fmt: skip
    told |= values
    crumbs = [visit.crumb("Kedjor", "Chains", "/kedja")] if about.value or (start.iri and end.iri) else []
    tables, query = told.pop("tables"), told.pop("query")
    return visit.page("kedja", title, lead, crumbs=crumbs, query=query, tables=tables, status=status_of(fields),
                      start=start, end=end, about=about, note=lambda step: _basis(visit, step), **told)  # fmt: skip


def _between(visit: Visit, start: NameField, end: NameField, about: NameField) -> Page:
    found: Chains = between(visit.graph, start.iri, end.iri, visit.language, _MOST_CHAINS)
    title = visit.say(f"Från {start.value} till {end.value}", f"From {start.value} to {end.value}")
    tables = [_table(visit, f"{visit.say('Kedja', 'Chain')} {number}", chain.steps, chain.sentence)
              for number, chain in enumerate(found.chains, 1)]  # fmt: skip
    return _page(visit, (start, end, about), title, chains=found, tables=tables, notes=_notes(found.chains))


def _notes(chains: Sequence[Chain]) -> list[str]:
    """What there is to know besides, each once."""
    return list(dict.fromkeys(note for chain in chains for note in chain.notes))


def _responsibility(visit: Visit, start: NameField, end: NameField, about: NameField) -> Page:
    title = visit.say("Ansvarskedjan", "Chain of responsibility")
    if not about.iri:
        return _page(visit, (start, end, about), title)
    found = responsibility(visit.graph, about.iri, visit.language)
    title = f"{title}: {about.value}"
    only = visit.query.get("del", "")
    if only in _PARTS and getattr(found, only):
        return _one_part(visit, (start, end, about), title, only, getattr(found, only))
    parts = [_part(visit, about, name, getattr(found, name)) for name in _PARTS if getattr(found, name)]
    tables = [_table(visit, visit.say(*_PARTS[part.id]), getattr(found, part.id)) for part in parts]
    return _page(visit, (start, end, about), title, chain=found, parts=parts, tables=tables, figures=_figures(visit, found))


def _one_part(
    visit: Visit, fields: tuple[NameField, NameField, NameField], title: str, name: str, steps: Sequence[Step]
) -> Page:
    """All the steps of one part of a responsibility chain, as a table of so many pages."""
    about = fields[2]
    whole = _table(visit, visit.say(*_PARTS[name]), steps)

    def address(page: int) -> str:
        return visit.go("/kedja", om=about.told, **{"del": name}, **numbered(visit, page))

    return _page(visit, fields, title, tables=[whole], table=whole.part(number_of(visit)), address=address,
                 query={"om": about.told, "del": name})  # fmt: skip


def _part(visit: Visit, about: NameField, name: str, steps: tuple[Step, ...]) -> Part:
    """The first steps of a part: so many that the page stays light."""
    weight, shown = 0, 0
    for step in steps[:_MOST_STEPS]:
        weight += min(len(step.passages), PASSAGES_OF_ROW)
        if shown and weight > _MOST_PASSAGES:
            break
        shown += 1
    link = visit.go("/kedja", om=about.told, **{"del": name})
    return Part(name, visit.say(*_PARTS[name]), steps[:shown], len(steps), link)


def _figures(visit: Visit, found: ResponsibilityChain) -> list[tuple[int, str, str]]:
    """(number, words, anchor) of what the parts hold."""
    words = {"duties": ("uppgifter", "duties"), "up": ("steg uppåt", "steps up"), "down": ("steg nedåt", "steps down"),
             "across": ("steg åt sidan", "steps across")}  # fmt: skip
    return [(len(getattr(found, name)), visit.say(*words[name]), name) for name in _PARTS if getattr(found, name)]


def _table(visit: Visit, title: str, steps: Iterable[Step], sentence: str = "") -> Table:
    columns = tuple(Heading(name, visit.say(*label)) for name, label in _COLUMNS.items())
    told = ((visit.say("Kedjan i ord", "The chain in words"), sentence),) if sentence else ()
    return Table(title, columns, tuple(_row(visit, step) for step in steps), parameters=told)


def _row(visit: Visit, step: Step) -> AnswerRow:
    texts = {"sentence": step.sentence, "relation": step.relation, "basis": _basis(visit, step)}
    cells = {name: Cell(Literal(text), text) for name, text in texts.items() if text}
    cells |= {"from": Cell(Iri(step.start.iri), step.start.label), "to": Cell(Iri(step.end.iri), step.end.label)}
    node = step.start if step.start.document else step.end
    if node.document and node.document_label:
        cells["document"] = Cell(Iri(node.document), node.document_label)
    return AnswerRow(cells, step.passages)


def _basis(visit: Visit, step: Step) -> str:
    """What a step rests on where no passage says it, and whether another statement is preferred."""
    told = [visit.say(*_BASES[step.basis])] if step.basis in _BASES and not step.passages else []
    if step.rank != "preferred":
        told.append(visit.say("en annan uppgift föredras", "another statement is preferred"))
    return "; ".join(told)


def _examples(visit: Visit) -> list[Link]:
    """Chains to begin with, of what the data holds: documents with duties, and how someone in one leads to another."""
    documents = choices(visit, "documents-with-duties")
    told = visit.say("Ansvarskedjan för", "Chain of responsibility of")
    links = [Link(f"{told} {label}", visit.go("/kedja", om=value)) for value, label in documents[:_MOST_EXAMPLES]]
    for value, _ in documents[:1]:
        parts = [part for duty in duties_of(visit.graph, meant(value), visit.language) for part in duty.parts if part.direct]
        for part in parts[:1]:
            other, name = documents[-1]
            text = visit.say(f"Från {part.actor.text} till {name}", f"From {part.actor.text} to {name}")
            links.insert(0, Link(text, visit.go("/kedja", fran=part.actor.text, till=other)))
    return links
