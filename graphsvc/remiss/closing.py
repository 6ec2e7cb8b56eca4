"""The end of an appendix: related documents, what is notable, and the quotations that everything rests on."""

from __future__ import annotations

from collections.abc import Iterator

from graphsvc.labels import PassageText
from graphsvc.questions.run import AnswerRow
from graphsvc.remiss.content import Block, Bullets, Column, Heading, Line, Paragraph, Row, Table
from graphsvc.remiss.coverage import unasked
from graphsvc.remiss.material import Material, is_preferred
from graphsvc.remiss.opening import value_text
from graphsvc.remiss.voice import capital


def related(material: Material) -> Iterator[Block]:
    """The documents that it hangs together with, and how; and what it rests on."""
    say = material.voice.say
    answer, support = material.ask("related-documents"), material.ask("supporting-documents")
    yield Heading(1, say("Samband med andra dokument", "Related documents"))
    if not answer.rows and not support.rows:
        yield Paragraph(Line(answer.question.empty[material.language]))
    if answer.rows:
        columns = (
            Column(say("Dokument", "Document"), 2.3),
            Column(say("Hur", "How"), 1.5),
            Column(say("Koppling", "Connection"), 3.4),
            Column(say("Status", "Status"), 0.8),
        )
        yield Table(say("Samband med andra dokument", "Related documents"), columns, tuple(_related(material)))
    if support.rows:
        caption = say(f"Underlag och stöd som {material.noun()} nämner", f"What {material.noun()} rests on")
        two = (Column(say("Underlag eller stöd", "Report or support"), 6.4), Column(say("Slag", "Kind"), 1.6))
        yield Table(caption, two, tuple(_support(material, row) for row in support.rows))


def _support(material: Material, row: AnswerRow) -> Row:
    name = value_text(material, row, "support")
    if not is_preferred(row):
        name += material.voice.say(" (enligt en annan källa)", " (according to another source)")
    return Row(((material.line(name, row.evidence),), (Line(capital(value_text(material, row, "kind") or "–")),)))


def _related(material: Material) -> Iterator[Row]:
    say = material.voice.say
    for row in material.ask("related-documents").rows:
        cells = row.cells
        other = cells["related"]
        incoming = cells["subject"].term == other.term
        it, noun = say("det", "it"), material.noun()
        verb = cells["relation"].text
        if verb.startswith(("coordinated", "aligned")):  # as English labels have it
            verb = f"is {verb}"
        how = f"{it} {verb} {noun}" if incoming else f"{noun} {verb} {it}"
        how = capital(how)
        if not is_preferred(row):
            how += say(" (enligt en annan källa)", " (according to another source)")
        connection = material.line(value_text(material, row, "connection") or "–", swedish=True)
        status = Line(capital(value_text(material, row, "status")) or "–")
        yield Row(((material.line(other.text, row.evidence),), (Line(how),), (connection,), (status,)))


def open_points(material: Material) -> Iterator[Block]:
    """What is notable in the document; what is already told of those not asked is not repeated."""
    say, answer = material.voice.say, material.ask("findings")
    yield Heading(1, say("Öppna punkter", "Open points"))
    told = set(unasked(material))
    rows = [row for row in answer.rows if row.cells["focus"].term.value not in told]
    if len(rows) < len(answer.rows):
        yield Paragraph(Line(_repeated(material, len(answer.rows) - len(rows))))
    if not rows:
        if not answer.rows:
            yield Paragraph(Line(answer.question.empty[material.language]))
        return
    columns = (
        Column(say("Gäller", "About"), 1.6),
        Column(say("Iakttagelse", "Finding"), 3.6),
        Column(say("Slag", "Kind"), 0.9),
    )
    lines = tuple(
        Row((
            (material.line(row.cells["focus"].text),),
            (material.line(row.cells["message"].text, row.evidence),),
            (Line(capital(row.cells["severity"].text)),),
        ))
        for row in rows
    )  # fmt: skip
    yield Table(say("Att ta ställning till", "To consider"), columns, lines)


def points_about(material: Material, actor: str) -> Iterator[Block]:
    """The findings about one actor (IRI) or an activity that it is in."""
    mine = {actor} | {one.measure for one in material.duties.of(actor)} | {one.through for one in material.duties.of(actor)}
    rows = [row for row in material.ask("findings").rows if row.cells["focus"].term.value in mine]
    if rows:
        yield Heading(1, material.voice.say("Öppna punkter", "Open points"))
        yield Bullets(tuple(material.line(row.cells["message"].text, row.evidence) for row in rows))


def _repeated(material: Material, count: int) -> str:
    say, number = material.voice.say, capital(material.voice.number(count))
    if count == 1:
        return say("En iakttagelse gäller en aktör som inte finns på sändlistan; den står i avsnittet ovan.",
                   "One finding is about an actor that is not on the list; see the section above.")  # fmt: skip
    return say(f"{number} iakttagelser gäller aktörer som inte finns på sändlistan; de står i avsnittet ovan.",
               f"{number} findings are about actors that are not on the list; see the section above.")  # fmt: skip


def sources(material: Material) -> Iterator[Block]:
    """The quotations, by the number they are cited by, under the text that they stand in."""
    say, cited = material.voice.say, material.sources.cited
    if not cited:
        return
    yield Heading(1, say("Källor och citat", "Sources and quotations"))
    text = say(
        "Siffrorna inom hakparentes i bilagan går hit. Citaten är ordagranna, med källans stavning.",
        "The numbers in square brackets lead here. The quotations are verbatim, in the spelling of the source.",
    )
    yield Paragraph(Line(text))
    columns = (
        Column(say("Nr", "No."), 0.5),
        Column(say("Rubrik", "Heading"), 2.2),
        Column(say("Sida", "Page"), 0.7),
        Column(say("Citat", "Quotation"), 4.6),
    )
    yield Table(
        say("Citat som uppgifterna vilar på", "Quotations that the facts rest on"), columns, tuple(_quoted(material))
    )


def _quoted(material: Material) -> Iterator[Row]:
    by_source: dict[str, list[tuple[int, PassageText]]] = {}
    for number, passage in enumerate(material.sources.cited, 1):
        by_source.setdefault(passage.source_title, []).append((number, passage))
    for title, passages in by_source.items():
        yield Row(((material.line(title, strong=True, swedish=True),),), group=True)
        for number, passage in passages:
            heading = material.line(passage.heading or "–", swedish=True)
            words = Line(material.voice.quoted(passage.quote), language=heading.language)
            page = Line(material.voice.page(passage.page) or "–")
            yield Row(((Line(str(number)),), (heading,), (page,), (words,)), target=number)


def colophon(material: Material, command: str, link: str) -> Iterator[Block]:
    """How the appendix was made, so that anyone can make it again: release, command and permanent link."""
    say, manifest = material.voice.say, material.graph.release.manifest
    made = material.voice.date(manifest.created[:10])
    yield Heading(1, say("Så gjordes bilagan", "How this appendix was made"))
    text = say(
        f"Av utgåva {manifest.name} av grafen, byggd {made}. Samma utgåva ger samma bilaga:",
        f"From release {manifest.name} of the graph, built on {made}. The same release gives the same appendix:",
    )
    yield Paragraph(Line(text))
    yield Bullets((
        Line(say("Kommando: ", "Command: ") + command),
        Line(say("Permanent länk: ", "Permanent link: ") + link, link=link),
    ))  # fmt: skip
