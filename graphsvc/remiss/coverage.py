"""Whom a document concerns and whom it was sent to: who is affected but was not asked, and the actors in their groups."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.questions.run import AnswerRow
from graphsvc.remiss.content import Block, Column, Heading, Line, Paragraph, Row, Table
from graphsvc.remiss.involvement import ROLES, WORKING_ROLES
from graphsvc.remiss.material import Material
from graphsvc.remiss.opening import consulted, value_text
from graphsvc.remiss.voice import capital
from graphsvc.terms import sort_key

_NOT_ASKED = ("berörd men inte tillfrågad", "delvis tillfrågad", "indirekt berörd men inte tillfrågad")
_THROUGH, _OUTSIDE = "tillfrågad genom sin nämnd", "utanför kommunen"


def relations(material: Material) -> dict[str, list[AnswerRow]]:
    """The rows of consulted-and-affected by how each actor stands to the referral, in the question's Swedish words."""
    found: dict[str, list[AnswerRow]] = {}
    for row in material.ask("consulted-and-affected").rows:
        found.setdefault(row.cells["relation"].term.value, []).append(row)
    return found


def unasked(material: Material) -> list[str]:
    """The IRIs of those in the municipality who are affected but were not asked, or of whom only a part was."""
    found = relations(material)
    return list(dict.fromkeys(row.cells["actor"].term.value for name in _NOT_ASKED for row in found.get(name, [])))


def in_brief(material: Material) -> Iterator[Block]:
    """What to know before reading on: how much there is, who was asked, by when, and who was not."""
    say, number = material.voice.say, material.voice.number
    told = []
    if activities := len(material.duties.activities):
        what = say("aktivitet" if activities == 1 else "aktiviteter", "activity" if activities == 1 else "activities")
        told.append(say(f"{material.noun(first=True)} har {number(activities)} {what}.",
                        f"{material.noun(first=True)} has {number(activities)} {what}."))  # fmt: skip
    if asked := len(consulted(material)):
        due = next((value_text(material, row, "answerBy") for row in material.ask("referral-of-document").rows), "")
        by = say(f", med svar senast {due}", f", with answers due on {due}") if due else ""
        what = say("instans" if asked == 1 else "instanser", "body" if asked == 1 else "bodies")
        told.append(say(f"Remissen gick till {number(asked)} {what}{by}.", f"It was sent to {number(asked)} {what}{by}."))
    if missed := len(unasked(material)):
        what = say("aktör" if missed == 1 else "aktörer", "actor" if missed == 1 else "actors")
        many, verb = capital(number(missed)), "is" if missed == 1 else "are"
        text = say(
            f"{many} {what} inom kommunen berörs men finns inte (eller bara delvis) på sändlistan.",
            f"{many} {what} in the municipality {verb} affected but not, or only in part, on the list.",
        )
        told.append(text)
    if told:
        yield Paragraph(material.line(" ".join(told)), "lead")


def not_asked(material: Material) -> Iterator[Block]:
    """Who is affected but not on the list, and who is left out of that comparison."""
    say, found = material.voice.say, relations(material)
    if not found:
        return
    yield Heading(1, say("Berörda som inte finns på sändlistan", "Affected but not on the list"))
    rows = tuple(row for name in _NOT_ASKED for row in _rows(material, found.get(name, [])))
    if not rows:
        yield Paragraph(
            Line(say("Alla berörda inom kommunen fick remissen.", "Everyone affected in the municipality was asked."))
        )
    else:
        yield Paragraph(Line(_explained(material)))
        columns = (
            Column(say("Aktör", "Actor"), 1.6),
            Column(say("Hur det förhåller sig", "How it stands"), 1.5),
            Column(say("Aktiviteter", "Activities"), 2.6),
        )
        caption = say("Berörda som inte finns på sändlistan", "Those affected who are not on the list")
        yield Table(caption, columns, rows)
    yield from _left_out(material, found)


def _explained(material: Material) -> str:
    noun = material.noun(first=True)
    return material.voice.say(
        f"{noun} nämner de här aktörerna som ansvariga, deltagande, samverkande eller som pilotverksamhet. De står inte, "
        "eller bara delvis, på sändlistan. Numren är aktiviteternas.",
        f"{noun} names these actors as responsible, participating, collaborating or pilots. They are not, or only in "
        "part, on the list. The numbers are those of the activities.",
    )


def _rows(material: Material, rows: list[AnswerRow]) -> Iterator[Row]:
    for row in _once(rows):
        how = capital(row.cells["relation"].text)
        through = row.cells.get("through")
        if through:
            how += material.voice.say(f" (genom {through.text})", f" (through {through.text})")
        actor = row.cells["actor"]
        yield Row(((material.line(actor.text, row.evidence),), (Line(how),), (Line(_where(material, actor.term.value)),)))


def _once(rows: list[AnswerRow]) -> list[AnswerRow]:
    return list({row.cells["actor"].term.value: row for row in reversed(rows)}.values())[::-1]


def _where(material: Material, actor: str) -> str:
    """`Deltagande i 3 och 4, i samverkan i 5`: the actor's roles and the numbers of the activities."""
    mine = [one for one in material.duties.of(actor) if one.preferred and one.role in WORKING_ROLES]
    told = []
    for role in ROLES:
        numbers = sorted({material.duties.number(one.activity) for one in mine if one.role == role})
        if numbers:
            listed = material.voice.listing([str(number) for number in numbers])
            told.append(material.voice.role(role) + material.voice.say(" i ", " in ") + listed)
    return capital(", ".join(told))


def _left_out(material: Material, found: dict[str, list[AnswerRow]]) -> Iterator[Block]:
    say, listing = material.voice.say, material.voice.listing
    through = [row.cells["actor"].text for row in _once(found.get(_THROUGH, []))]
    outside = [row.cells["actor"].text for row in _once(found.get(_OUTSIDE, []))]
    if through:
        text = say("Tillfrågade genom sin nämnd: ", "Consulted through their committee: ")
        yield Paragraph(material.line(text + listing(through) + "."))
    if outside:
        text = say("Utanför kommunen, och därför inte med i jämförelsen: ", "Outside the municipality, so not compared: ")
        yield Paragraph(material.line(text + listing(outside) + "."))


def groups_of_actors(material: Material) -> list[tuple[str, list[str]]]:
    """The actors (IRIs) of the matrix under headings, in Swedish order: those asked, those not, those outside, the rest."""
    say, duties, found = material.voice.say, material.duties, relations(material)
    asked = [iri for iri, _, _ in consulted(material)]
    outside = {row.cells["actor"].term.value for row in found.get(_OUTSIDE, [])}
    missed = set(unasked(material))
    through = {row.cells["actor"].term.value for row in found.get(_THROUGH, [])}
    named = {one.actor for one in duties.involvements if one.direct and one.preferred and one.role in WORKING_ROLES}
    rest = named - set(asked) - outside - missed - through
    other = say("Avsändaren och övriga", "The sender and others") if found else say("Aktörer", "Actors")
    groups = [
        (say("Fick remissen", "Consulted"), [iri for iri in asked if iri in duties.names]),
        (say("Fick remissen genom sin nämnd", "Consulted through their committee"), sorted(through & named)),
        (other, sorted(rest)),
        (say("Inom kommunen, inte på sändlistan", "In the municipality, not on the list"), sorted(missed & named)),
        (say("Utanför kommunen", "Outside the municipality"), sorted(outside & named)),
    ]
    return [(title, sorted(actors, key=lambda iri: sort_key(duties.names[iri]))) for title, actors in groups if actors]
