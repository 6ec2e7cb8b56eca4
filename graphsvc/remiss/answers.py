"""The compilation of answers to a referral: who answered and how, criticism and proposals side by side, and who has not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from graphsvc.questions.run import AnswerRow
from graphsvc.remiss.content import Block, Bullets, Cell, Column, Heading, Line, Paragraph, Row, Table
from graphsvc.remiss.material import PROPOSALS, Material, is_preferred
from graphsvc.remiss.opening import consulted, value_text
from graphsvc.remiss.voice import capital
from graphsvc.terms import sort_key

MOST_SIDE_BY_SIDE = 3


def overview(material: Material) -> Iterator[Block]:
    """How many were asked, how many answers are loaded, and when they were due."""
    say, number = material.voice.say, material.voice.number
    asked = len(consulted(material))
    if not asked:
        yield Paragraph(Line(material.ask("who-was-consulted").question.empty[material.language]), "lead")
        return
    answered = len(_respondents(material))
    due = next((value_text(material, row, "answerBy") for row in material.ask("referral-of-document").rows), "")
    many = capital(number(answered, neuter=True))
    loaded = (
        say("yttranden finns inlästa", "answers are loaded")
        if answered != 1
        else say("yttrande finns inläst", "answer is loaded")
    )
    text = capital(number(asked)) + say(" instanser fick remissen. ", " bodies were consulted. ") + f"{many} {loaded}."
    if due:
        text += say(f" Svar skulle lämnas senast {due}.", f" Answers were due on {due}.")
    text += say(" Den som saknas kan ha svarat i ett dokument som inte är inläst.",
                " A body that is missing may have answered in a document that is not loaded.")  # fmt: skip
    yield Paragraph(material.line(text), "lead")


def _respondents(material: Material) -> list[str]:
    rows = material.ask("respondents-positions").rows
    return list(dict.fromkeys(row.cells["respondent"].text for row in rows if "respondent" in row.cells))


def respondents(material: Material) -> Iterator[Block]:
    """Who answered, with their position."""
    say, answer = material.voice.say, material.ask("respondents-positions")
    yield Heading(1, say("Vilka som har svarat", "Who has answered"))
    if not answer.rows:
        yield Paragraph(Line(answer.question.empty[material.language]))
        return
    columns = (
        Column(say("Svarande", "Respondent"), 1.6),
        Column(say("Ställningstagande", "Position"), 1.6),
        Column(say("Yttrande", "Response"), 2.6),
        Column(say("Status", "Status"), 0.9),
    )
    rows = tuple(_respondent(material, row) for row in answer.rows)
    yield Table(say("Remissvar och ställningstaganden", "Responses and positions"), columns, rows)
    if any("status" in row.cells and row.cells["status"].term.value in PROPOSALS for row in answer.rows):
        told = say("Ett yttrande med status förslag är ett förslag till beslut. Källorna säger inte om det beslutades.",
                   "A response that is a proposal is a proposed decision. Whether it was made is not said.")  # fmt: skip
        yield Paragraph(Line(told))


def _respondent(material: Material, row: AnswerRow) -> Row:
    position = value_text(material, row, "position") or material.voice.say("inget angivet", "none given")
    if not is_preferred(row):
        position += material.voice.say(" (enligt en annan källa)", " (according to another source)")
    return Row((
        (material.line(value_text(material, row, "respondent") or "–"),),
        (material.line(capital(position), row.evidence),),
        (material.line(value_text(material, row, "response") or "–"),),
        (Line(capital(value_text(material, row, "status")) or "–"),),
    ))  # fmt: skip


def criticism(material: Material) -> Iterator[Block]:
    """The points of criticism by what they are about, the respondents side by side."""
    say, answer = material.voice.say, material.ask("criticism")
    yield Heading(1, say("Synpunkter", "Criticism"))
    if not answer.rows:
        yield Paragraph(Line(answer.question.empty[material.language]))
        return
    points = _points(material, answer.rows)
    names = list(dict.fromkeys(name for found in points.values() for name in found))
    for sheet in _sheets(names):
        columns = (Column(say("Gäller", "About"), 1.6), *(Column(name, 3.4) for name in sheet))
        rows = tuple(
            Row(((material.line(about),), *(tuple(found.get(name, ())) or (Line("–"),) for name in sheet)))
            for about, found in points.items()
            if any(name in found for name in sheet)
        )
        yield Table(say("Synpunkter sida vid sida: ", "Criticism side by side: ") + ", ".join(sheet), columns, rows)


def _points(material: Material, rows: Sequence[AnswerRow]) -> dict[str, dict[str, list[Line]]]:
    """What is said, by what it is about and by respondent; a point about several things stands once, under all of them."""
    about: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], AnswerRow] = {}
    for row in rows:
        key = (value_text(material, row, "criticism"), value_text(material, row, "respondent") or "–")
        first.setdefault(key, row)
        topic = value_text(material, row, "concerns")
        topics = about.setdefault(key, [])
        if topic and topic not in topics:
            topics.append(topic)
    found: dict[str, dict[str, list[Line]]] = {}
    for (point, name), row in first.items():
        topics = about[point, name]
        topic = material.voice.listing(sorted(topics, key=sort_key)) or material.noun(first=True)
        lines = found.setdefault(topic, {}).setdefault(name, [])
        lines.append(material.line(point, row.evidence, strong=True))
        if "explanation" in row.cells:
            lines.append(material.line(row.cells["explanation"].text, swedish=True))
    return found


def _sheets(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), MOST_SIDE_BY_SIDE):
        yield names[start : start + MOST_SIDE_BY_SIDE]


def proposals(material: Material) -> Iterator[Block]:
    """What the answers would change in the document's structure: the own one beside the proposed."""
    say, answer = material.voice.say, material.ask("dropped-moved-unplaced")
    if not answer.rows:
        return
    yield Heading(1, say("Förslag till annan indelning", "Proposed structure"))
    columns = (
        Column(say("Aktivitet, del eller målområde", "Activity, section or target area"), 2.8),
        Column(say("Del i dokumentet", "Section of the document"), 2.0),
        Column(say("Vad yttrandet föreslår", "What the response proposes"), 2.4),
    )
    caption = say("Dokumentets egen indelning och den föreslagna", "The document’s own structure and the proposed one")
    yield Table(caption, columns, tuple(_by_response(material, answer.rows, "response", _proposal)))
    compared = say(
        "Att en aktivitet varken placeras eller stryks är en jämförelse med dokumentet och står inte i yttrandet.",
        "That an activity is neither placed nor dropped is a comparison with the document, not said in the response.",
    )
    yield Paragraph(Line(compared), "note")


def _by_response(
    material: Material, rows: Sequence[AnswerRow], name: str, made: Callable[[Material, AnswerRow], Row]
) -> Iterator[Row]:
    """What `made` makes of each row, under the response that the cell `name` gives, which says whether it is a proposal."""
    by_response: dict[str, list[AnswerRow]] = {}
    for row in rows:
        status = value_text(material, row, "status")
        title = value_text(material, row, name) + (f" ({status})" if status else "")
        by_response.setdefault(title, []).append(row)
    for title, found in by_response.items():
        yield Row(((material.line(title, strong=True),),), group=True)
        yield from (made(material, row) for row in found)


def _proposal(material: Material, row: AnswerRow) -> Row:
    fate = capital(value_text(material, row, "fate"))
    if "placedUnder" in row.cells:
        fate += ": " + value_text(material, row, "placedUnder")
    element = (material.line(value_text(material, row, "element")),)
    section = (material.line(value_text(material, row, "section") or "–"),)
    return Row((element, section, (material.line(fate, row.evidence),)))


def assessments(material: Material) -> Iterator[Block]:
    """What the answers assess: consequences and perspectives."""
    say = material.voice.say
    responses = {row.cells["response"].term for row in material.ask("respondents-positions").rows if "response" in row.cells}
    found = [row for row in material.ask("assessments-of-document").rows if _term(row, "document") in responses]
    if not found:
        return
    yield Heading(1, say("Bedömningar i svaren", "Assessments in the answers"))
    columns = (Column(say("Bedömning", "Assessment"), 1.8), Column(say("Vad den säger", "What it says"), 4.0))
    rows = tuple(_by_response(material, found, "document", _assessment))
    yield Table(say("Bedömningar i svaren", "Assessments in the answers"), columns, rows)


def _assessment(material: Material, row: AnswerRow) -> Row:
    says = (material.line(value_text(material, row, "says") or "–", swedish=True),)
    return Row(((material.line(value_text(material, row, "assessment"), row.evidence),), says))


def _term(row: AnswerRow, name: str) -> object:
    return row.cells[name].term if name in row.cells else None


def silent(material: Material) -> Iterator[Block]:
    """Who was asked and has no loaded answer."""
    say, answer = material.voice.say, material.ask("who-has-not-answered")
    yield Heading(1, say("Utan inläst svar", "No answer loaded"))
    names = dict.fromkeys(row.cells["actor"].text for row in answer.rows)
    if not names:
        yield Paragraph(Line(answer.question.empty[material.language]))
        return
    evidence = tuple(passage for row in answer.rows for passage in row.evidence)
    text = say("Remissinstanser utan inläst yttrande:", "Consulted bodies with no loaded response:")
    yield Paragraph(material.line(text, evidence))
    lines: Cell = tuple(Line(name) for name in names)
    yield Bullets(lines)
