"""The beginning of an appendix: what the document is, who decided what on it, and whom it was sent to."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.labels import PassageText
from graphsvc.namespaces import DCTERMS, STYR
from graphsvc.questions.run import AnswerRow
from graphsvc.remiss.content import Banner, Block, Cell, Column, Heading, Line, Paragraph, Row, Table
from graphsvc.remiss.material import Material, is_preferred
from graphsvc.remiss.voice import capital
from graphsvc.terms import Literal

_FROM, _UNTIL, _STATUS = STYR + "validFrom", STYR + "validUntil", STYR + "status"
_FIRST = [DCTERMS + "type", _STATUS, STYR + "registrationNumber", _FROM, _UNTIL]


def banner(material: Material) -> Iterator[Block]:
    """That the document is a proposal, if it is."""
    if material.is_proposal:
        say = material.voice.say
        yield Banner(
            say("Förslag", "Proposal"),
            say(
                "Dokumentet är ett förslag. Det som står här om ansvar och deltagande är vad förslaget säger, inte vad "
                "som är beslutat.",
                "The document is a proposal. What is said here about duties is what the proposal says, not what has been "
                "decided.",
            ),
        )


def about(material: Material) -> Iterator[Block]:
    """The facts about the document: type, status, validity, publisher and so on."""
    say = material.voice.say
    yield Heading(1, say("Om dokumentet", "About the document"))
    rows = [row for row in material.ask("document-facts").rows if "decision" not in row.cells]
    if not rows:
        yield Paragraph(Line(material.ask("document-facts").question.empty[material.language]))
        return
    yield Table(say("Uppgifter om dokumentet", "Facts about the document"), _two(material), tuple(_facts(material, rows)))


def _two(material: Material) -> tuple[Column, ...]:
    say = material.voice.say
    return Column(say("Uppgift", "Fact"), 1.0), Column(say("Vad källorna säger", "What the sources say"), 2.6)


def _facts(material: Material, rows: list[AnswerRow]) -> Iterator[Row]:
    by_property: dict[str, list[AnswerRow]] = {}
    for row in rows:
        by_property.setdefault(row.cells["property"].term.value, []).append(row)
    yield Row((_cell(material.voice.say("Titel", "Title")), (material.line(material.name),)))
    for name in sorted(by_property, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)):
        label = capital(by_property[name][0].cells["property"].text)
        yield Row((_cell(label), tuple(_fact(material, row) for row in by_property[name])))


def _fact(material: Material, row: AnswerRow) -> Line:
    text = capital(value_text(material, row, "value"))
    if not is_preferred(row):
        text += material.voice.say(" (enligt en annan källa)", " (according to another source)")
    return material.line(text, row.evidence)


def value_text(material: Material, row: AnswerRow, name: str) -> str:
    """The cell `name` of a row as people read it: days in words, and empty where there is none."""
    cell = row.cells.get(name)
    if cell is None:
        return ""
    return material.voice.date(cell.text) if isinstance(cell.term, Literal) else cell.text


def decisions(material: Material) -> Iterator[Block]:
    """The decisions on the document, in order of time."""
    say = material.voice.say
    answer = material.ask("decisions-in-order")
    yield Heading(1, say("Beslut", "Decisions"))
    if not answer.rows:
        yield Paragraph(Line(answer.question.empty[material.language]))
        return
    columns = (
        Column(say("Beslut", "Decision"), 2.6),
        Column(say("Beslutat av", "Decided by"), 1.5),
        Column(say("Dag", "Date"), 1.7),
        Column(say("Paragraf", "Paragraph"), 0.9),
        Column(say("Diarienummer", "Registration number"), 1.3),
    )
    caption = say("Beslut som gäller dokumentet", "Decisions on the document")
    yield Table(caption, columns, tuple(_decision(material, row) for row in answer.rows))


def _decision(material: Material, row: AnswerRow) -> Row:
    say = material.voice.say
    when = (
        [Line(value_text(material, row, "date"))]
        if "date" in row.cells
        else [Line(say("Dagen framgår inte", "Date not given"))]
    )
    if "adjusted" in row.cells:
        when.append(Line(say("Justerat ", "Verified ") + value_text(material, row, "adjusted")))
    rank = "" if is_preferred(row) else say(" (enligt en annan källa)", " (according to another source)")
    told = [_cell(value_text(material, row, name) or "–") for name in ("body", "paragraph", "registration")]
    first = (material.line(capital(value_text(material, row, "decision")) + rank, row.evidence),)
    return Row((first, told[0], tuple(when), told[1], told[2]))


def referral(material: Material) -> Iterator[Block]:
    """How the document was sent out: by whom, when to answer, and to whom."""
    say = material.voice.say
    yield Heading(1, say("Remissen", "The referral"))
    answer = material.ask("referral-of-document")
    if not answer.rows:
        yield Paragraph(Line(answer.question.empty[material.language]))
        return
    bodies = consulted(material)
    asked = tuple(passage for _, _, passages in bodies for passage in passages)
    rows = [row for one in answer.rows for row in _referral(material, one)]
    names = material.voice.listing([name for _, name, _ in bodies])
    who = say(f"Remissinstanser ({len(bodies)})", f"Consulted bodies ({len(bodies)})")
    rows.append(Row((_cell(who), (material.line(names, asked),))))
    yield Table(say("Remissen av dokumentet", "The referral of the document"), _two(material), tuple(rows))


def _referral(material: Material, row: AnswerRow) -> Iterator[Row]:
    labels = {column.name: column.label[material.language] for column in material.ask("referral-of-document").columns}
    yield Row((_cell(labels["referral"]), (material.line(value_text(material, row, "referral"), row.evidence),)))
    for name in ("sentBy", "answerBy", "decision", "paragraph", "registration"):
        if name in row.cells:
            yield Row((_cell(labels[name]), (material.line(value_text(material, row, name)),)))


def call(material: Material, name: str, asked: bool) -> Iterator[Block]:
    """The beginning of the sheet for one body: whether it was asked, by whom, and when to answer."""
    say = material.voice.say
    for row in material.ask("referral-of-document").rows[:1]:
        sender, due = value_text(material, row, "sentBy"), value_text(material, row, "answerBy")
        number = value_text(material, row, "registration")
        if asked:
            text = say(f"{name} är remissinstans för {material.title}.", f"{name} is consulted on {material.title}.")
        else:
            text = say(f"{name} finns inte på sändlistan för remissen av {material.title}.",
                       f"{name} is not on the list of those consulted on {material.title}.")  # fmt: skip
        told = [say(f"Avsändare: {sender}.", f"Sender: {sender}.")] if sender else []
        told += [say(f"Svar senast: {due}.", f"Answer by: {due}.")] if due else []
        told += [say(f"Diarienummer: {number}.", f"Registration number: {number}.")] if number else []
        mine = tuple(passage for _, other, passages in consulted(material) if other == name for passage in passages)
        yield Paragraph(material.line(" ".join([text, *told]), mine or row.evidence))


def consulted(material: Material) -> list[tuple[str, str, tuple[PassageText, ...]]]:
    """The consulted bodies in Swedish order: IRI, name, and the words that say so."""
    found: dict[str, tuple[str, str, tuple[PassageText, ...]]] = {}
    for row in material.ask("who-was-consulted").rows:
        if is_preferred(row):
            cell = row.cells["actor"]
            earlier = found.get(cell.term.value, ("", "", ()))[2]
            found[cell.term.value] = (cell.term.value, cell.text, (*earlier, *row.evidence))
    return list(found.values())


def _cell(text: str) -> Cell:
    return (Line(text),)
