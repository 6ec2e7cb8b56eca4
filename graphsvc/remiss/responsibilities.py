"""Who does what in a document: the table of activities, and the matrix of activities and actors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphsvc.remiss.content import Block, Cell, Column, Heading, Line, Paragraph, Row, Table
from graphsvc.remiss.coverage import groups_of_actors
from graphsvc.remiss.involvement import ROLES, WORKING_ROLES, Activity, Involvement
from graphsvc.remiss.material import Material
from graphsvc.terms import sort_key

LETTERS = {"responsible": "A", "participating": "D", "collaborating": "S", "pilot": "P"}
MOST_COLUMNS = 15
_LENDING = ("group", "administration")
_ACTOR_SHARE, _NUMBER_SHARE = 4.8, 0.74


def activities(material: Material) -> Iterator[Block]:
    """Every activity in the document's order, with who is responsible and who takes part."""
    say, duties = material.voice.say, material.duties
    yield Heading(1, say("Aktiviteter, ansvariga och deltagande", "Activities, responsible and participating"))
    if not duties.activities:
        yield Paragraph(Line(material.ask("activities-of-document").question.empty[material.language]))
        return
    columns = (
        Column(say("Aktivitet", "Activity"), 2.7),
        Column(say("Ansvarig", "Responsible"), 1.8),
        Column(say("Deltar", "Participating"), 2.4),
        Column(say("I samverkan, pilot", "Collaborating, pilot"), 2.4),
    )
    caption = say("Aktiviteter med ansvariga och deltagande", "Activities, with who is responsible and who takes part")
    yield Table(caption, columns, tuple(_activity_rows(material)))


def _activity_rows(material: Material) -> Iterator[Row]:
    section = ""
    for activity in material.duties.activities:
        if activity.section != section:
            section = activity.section
            yield Row(((Line(section, strong=True),),), group=True)
        named = material.duties.within(activity.iri)
        first = (material.line(f"{activity.number}. {activity.name}", activity.passages),)
        responsible = _named(material, activity, named, ("responsible",))
        if not responsible:
            responsible = (Line(material.voice.say("Ingen ansvarig anges", "None is named")),)
        others = tuple(_labelled(material, activity, named))
        yield Row(
            (
                first,
                responsible,
                _named(material, activity, named, ("participating",)) or (Line("–"),),
                others or (Line("–"),),
            )
        )


def _labelled(material: Material, activity: Activity, named: Sequence[Involvement]) -> Iterator[Line]:
    for role in ("collaborating", "pilot"):
        for line in _named(material, activity, named, (role,)):
            label = {"collaborating": material.voice.say("Samverkan", "Collaborating")}.get(role, "Pilot")
            yield Line(f"{label}: {line.text}", line.sources)


def _named(material: Material, activity: Activity, named: Sequence[Involvement], roles: tuple[str, ...]) -> Cell:
    """One line for the activity itself and one for each of its tasks, with the names in Swedish order."""
    by_measure: dict[str, list[Involvement]] = {}
    for one in named:
        if one.role in roles:
            by_measure.setdefault(one.measure, []).append(one)
    names = material.duties.names
    ordered = sorted(by_measure, key=lambda measure: (measure != activity.iri, sort_key(names[measure])))
    return tuple(_names_line(material, activity, measure, by_measure[measure]) for measure in ordered)


def _names_line(material: Material, activity: Activity, measure: str, named: Sequence[Involvement]) -> Line:
    names = material.duties.names
    text = ", ".join(dict.fromkeys(names[one.actor] for one in named))
    if measure != activity.iri:
        task = material.voice.quoted(names[measure])
        text = material.voice.say(f"I deluppgiften {task}: {text}", f"In the task {task}: {text}")
    return material.line(text, tuple(passage for one in named for passage in one.passages))


def matrix(material: Material) -> Iterator[Block]:
    """The actors and their letters in each activity, on as many sheets as the activities need."""
    say, duties = material.voice.say, material.duties
    groups = groups_of_actors(material)
    if not duties.activities or not groups:
        return
    yield Heading(1, say("Ansvarsmatris", "Responsibility matrix"))
    yield Paragraph(Line(_key(material)))
    sheets = list(_sheets(duties.activities))
    for number, sheet in enumerate(sheets, 1):
        caption = say("Ansvarsmatris: aktörer och aktiviteter", "Responsibility matrix: actors and activities")
        if len(sheets) > 1:
            caption += say(f", blad {number} av {len(sheets)}", f", sheet {number} of {len(sheets)}")
        columns = [Column(str(activity.number), _NUMBER_SHARE, centred=True) for activity in sheet]
        yield Table(
            caption, (Column(say("Aktör", "Actor"), _ACTOR_SHARE), *columns), tuple(_matrix_rows(material, groups, sheet))
        )


def _key(material: Material) -> str:
    return material.voice.say(
        "A betyder ansvarig, D deltagande, S i samverkan och P pilotverksamhet. En bokstav inom parentes gäller den som "
        "inte själv nämns, utan är med genom en grupp eller sin förvaltning. Kolumnernas nummer är aktiviteternas i "
        "tabellen ovan; en deluppgift räknas till sin aktivitet. Den som bara omnämns är inte med.",
        "A means responsible, D participating, S collaborating and P pilot. A letter in brackets is for one who is not "
        "named, but involved through a group or its administration. The columns have the numbers of the activities in "
        "the table above; a task counts as its activity. Those who are merely mentioned are left out.",
    )


def _sheets(activities: Sequence[Activity]) -> Iterator[Sequence[Activity]]:
    count = -(-len(activities) // MOST_COLUMNS)
    size = -(-len(activities) // count)
    for start in range(0, len(activities), size):
        yield activities[start : start + size]


def _matrix_rows(material: Material, groups: list[tuple[str, list[str]]], sheet: Sequence[Activity]) -> Iterator[Row]:
    names = material.duties.names
    for title, actors in groups:
        rows = [(actor, [letters(material.duties.of(actor), activity.iri) for activity in sheet]) for actor in actors]
        shown = [(actor, found) for actor, found in rows if any(found)]
        if shown:
            yield Row(((Line(title, strong=True),),), group=True)
        for actor, found in shown:
            yield Row(((material.line(names[actor]),), *((Line(text),) for text in found)))


def letters(involvements: Sequence[Involvement], activity: str) -> str:
    """The letters of an actor in an activity (IRI): those of its own roles, and in brackets those it has through others."""
    mine = [one for one in involvements if one.activity == activity and one.preferred and one.role in WORKING_ROLES]
    own = {one.role for one in mine if one.direct}
    lent = {one.role for one in mine if one.via in _LENDING} - own
    told = [LETTERS[role] for role in ROLES if role in own] + [f"({LETTERS[role]})" for role in ROLES if role in lent]
    return "\u2009".join(told)
