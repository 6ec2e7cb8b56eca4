"""What a document means for one body: its duties, where it takes part, with whom, and through which group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphsvc.remiss.content import Block, Cell, Column, Heading, Line, Paragraph, Row, Table
from graphsvc.remiss.involvement import ROLES, WORKING_ROLES, Involvement
from graphsvc.remiss.material import Material
from graphsvc.remiss.opening import consulted
from graphsvc.remiss.voice import capital


def bodies(material: Material) -> Iterator[Block]:
    """One section for each consulted body."""
    say = material.voice.say
    asked = consulted(material)
    if not asked:
        return
    title = say(
        f"Vad {material.noun()} innebär för remissinstanserna", f"What {material.noun()} means for the bodies consulted"
    )
    yield Heading(1, title)
    yield Paragraph(Line(_introduction(material)))
    for iri, name, _ in asked:
        yield Heading(2, name)
        yield from body(material, iri, name)


def _introduction(material: Material) -> str:
    return material.voice.say(
        "Ett avsnitt för varje remissinstans: var den är ansvarig, deltar eller nämns på annat sätt, om det sker genom en "
        "grupp, och tillsammans med vilka. Numren är aktiviteternas i tabellen ovan.",
        "One section for each body consulted: where it is responsible, takes part or is named otherwise, whether through a "
        "group, and together with whom. The numbers are those of the activities in the table above.",
    )


def body(material: Material, iri: str, name: str) -> Iterator[Block]:
    """The section of one body (IRI and name), without its heading."""
    mine = material.duties.of(iri)
    yield Paragraph(material.line(summary(material, name, mine)), "lead")
    if not mine:
        return
    say = material.voice.say
    columns = (
        Column(say("Aktivitet", "Activity"), 2.3),
        Column(say("Er roll, och hur", "Your role, and how"), 2.1),
        Column(say("Tillsammans med", "Together with"), 3.2),
    )
    yield Table(
        say(f"Aktiviteter som berör {name}", f"Activities that involve {name}"), columns, tuple(_rows(material, iri, mine))
    )


def summary(material: Material, name: str, mine: Sequence[Involvement]) -> str:
    """One or two sentences that say what a body has to do; that it is not named, where it is not."""
    say = material.voice.say
    working = [one for one in mine if one.preferred and one.role in WORKING_ROLES]
    if not working:
        return _unnamed(material, name, passing=bool(mine))
    told = [_count(material, role, working) for role in WORKING_ROLES]
    text = f"{name} " + material.voice.listing([part for part in told if part]) + "."
    if not any(one.role == "responsible" for one in working):
        text += say(" Ansvaret ligger hos andra.", " Others are responsible.")
    if not any(one.direct for one in working):
        names = material.duties.names
        ways = material.voice.listing(list(dict.fromkeys(f"{_way(material, one)} {names[one.through]}" for one in working)))
        text += say(f" Namnet står inte i texten: det gäller {ways}.", f" The name is not in the text: it applies {ways}.")
    return text


def _unnamed(material: Material, name: str, *, passing: bool) -> str:
    """That a body is given no role, or is not named at all."""
    say, noun = material.voice.say, material.noun(first=True)
    if passing:
        return say(f"{noun} nämner {name} men anger ingen roll.", f"{noun} mentions {name} but gives it no role.")
    return say(
        f"{noun} nämner inte {name} i någon aktivitet, varken direkt eller genom en grupp, en nämnd eller en förvaltning.",
        f"{noun} names {name} in no activity, neither directly nor through a group, a committee or an administration.",
    )


def _count(material: Material, role: str, working: Sequence[Involvement]) -> str:
    count = len({one.activity for one in working if one.role == role})
    if not count:
        return ""
    say = material.voice.say
    many = material.voice.number(count) + say(
        " aktivitet" if count == 1 else " aktiviteter", " activity" if count == 1 else " activities"
    )
    return {
        "responsible": say(f"är ansvarig för {many}", f"is responsible for {many}"),
        "participating": say(f"deltar i {many}", f"takes part in {many}"),
        "collaborating": say(f"samverkar i {many}", f"collaborates in {many}"),
        "pilot": say(f"har pilotverksamhet i {many}", f"has a pilot in {many}"),
    }[role]


def _rows(material: Material, iri: str, mine: Sequence[Involvement]) -> Iterator[Row]:
    names = material.duties.names
    for activity in dict.fromkeys(one.activity for one in mine):
        own = [one for one in mine if one.activity == activity]
        first = (material.line(f"{material.duties.number(activity)}. {names[activity]}"),)
        yield Row((first, tuple(_role(material, one) for one in own), _company(material, iri, own, activity)))


def _role(material: Material, one: Involvement) -> Line:
    say, names = material.voice.say, material.duties.names
    text = capital(material.voice.role(one.role))
    if one.through:
        text += ", " + _way(material, one) + " " + names[one.through]
    if one.measure != one.activity:
        text += say(", i deluppgiften ", ", in the task ") + material.voice.quoted(names[one.measure])
    if not one.preferred:
        text += say(" (enligt en annan källa än dokumentet)", " (according to another source than the document)")
    return material.line(text, one.passages)


def _way(material: Material, one: Involvement) -> str:
    say = material.voice.say
    return {
        "group": say("genom gruppen", "through the group"),
        "administration": say("genom förvaltningen", "through the administration"),
        "committee": say("genom nämnden", "through the committee"),
        "part": say("genom sin del", "through its part"),
    }.get(one.via, say("genom", "through"))


def _company(material: Material, iri: str, own: Sequence[Involvement], activity: str) -> Cell:
    """The others in the activity, role by role; the body itself and what stands for it are left out."""
    names, mine = material.duties.names, {iri} | {one.through for one in own}
    lines = []
    for role in ROLES[:4]:
        others = [names[one.actor] for one in material.duties.within(activity) if one.role == role and one.actor not in mine]
        if others:
            lines.append(material.line(f"{capital(material.voice.role(role))}: {', '.join(dict.fromkeys(others))}"))
    return tuple(lines) or (Line(material.voice.say("Inga andra nämns", "No others are named")),)
