"""Appendices as Word documents: real styles, captions, headings that repeat, and pictures that are told in words."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from functools import cache
from string import Template
from xml.sax.saxutils import quoteattr

import docx as library
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import Section
from docx.shared import Mm

from graphsvc.remiss import word_xml as xml
from graphsvc.remiss.brand import TEMPLATES, Brand
from graphsvc.remiss.content import Appendix, Banner, Block, Bullets, Figure, Heading, Line, Paragraph, Table
from graphsvc.remiss.voice import Voice
from graphsvc.remiss.word_styles import dress
from graphsvc.remiss.word_xml import LANGUAGES

_EMU_A_MM = 36_000
_LONGEST_PROPERTY = 255
_DXA_A_MM = 1440 / 25.4
_STYLES = {"body": "Normal", "lead": "Lead", "note": "Note"}


def docx(appendix: Appendix, brand: Brand) -> bytes:
    """The appendix as a Word document; the same bytes for the same appendix and brand."""
    writing = _Writing(appendix, brand)
    writing.write()
    out = io.BytesIO()
    writing.document.save(out)
    return _steady(out.getvalue(), datetime.fromisoformat(appendix.created))


def _steady(package: bytes, made: datetime) -> bytes:
    """The package with the time of the release on each of its files, instead of when it was written."""
    out, stamp = io.BytesIO(), made.timetuple()[:6]
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(info, old.read(name))
    return out.getvalue()


class _Writing:
    """A document while it is written, block after block."""

    def __init__(self, appendix: Appendix, brand: Brand) -> None:
        self.appendix, self.brand, self.voice = appendix, brand, Voice(appendix.language)
        self.document: Document = library.Document()
        self.targets = frozenset(row.target for b in appendix.blocks if isinstance(b, Table) for row in b.rows if row.target)
        self.counts = {Table: 0, Figure: 0, Heading: 0}
        self.turned = self.under_table = False

    def write(self) -> None:
        """Everything: the styles, the properties, the first page, and the blocks."""
        dress(self.document, self.brand, self.appendix.language)
        self._properties()
        self._page(self.document.sections[0], turned=False)
        self._frame(self.document.sections[0])
        blocks = self.appendix.blocks
        first = next((place for place, block in enumerate(blocks) if isinstance(block, Heading)), len(blocks))
        self._front(blocks[:first])
        for place, block in enumerate(blocks[first:], first):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            self._turn(block, following)
            self._block(block, leads=isinstance(following, Table))
        if self.under_table:  # Word wants a paragraph last
            self._add(xml.paragraph("", "Note"))

    def _properties(self) -> None:
        package = self.document.part.package
        for name, relation in list(package.rels.items()):
            if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # it shows the library's own template
                del package.rels[name]
        told, made = self.document.core_properties, datetime.fromisoformat(self.appendix.created).astimezone(UTC)
        told.title, told.subject = self.appendix.title[:_LONGEST_PROPERTY], self.appendix.subtitle[:_LONGEST_PROPERTY]
        told.language = LANGUAGES[self.appendix.language]
        told.author = told.last_modified_by = self.brand.organisation or "Styrgraf"
        told.comments, told.keywords, told.revision = self.appendix.link[:_LONGEST_PROPERTY], self.appendix.release, 1
        told.created = told.modified = made.replace(tzinfo=None)

    def _page(self, section: Section, *, turned: bool) -> None:
        section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(297), Mm(210)) if turned else (Mm(210), Mm(297))
        section.left_margin = section.right_margin = section.top_margin = Mm(self.brand.margin)
        section.bottom_margin = Mm(self.brand.margin + 4)
        section.header_distance = section.footer_distance = Mm(10)

    def _frame(self, section: Section) -> None:
        """The head and the foot of every page."""
        tab, say = "<w:r><w:tab/></w:r>", self.voice.say
        self._framed(section.header, [("Header", "", xml.run(self.appendix.head) + tab + xml.run(self.brand.organisation))])
        page = xml.run(say("Sida ", "Page ")) + xml.field("PAGE", "1") + xml.run(say(" (", " of "))
        page += xml.field("NUMPAGES", "1") + xml.run(say(")", ""))
        rule = '<w:pBdr><w:top w:val="single" w:sz="4" w:space="3" w:color="auto"/></w:pBdr>'
        lines = [("Footer", rule, xml.run(say("Utgåva ", "Release ") + self.appendix.release) + tab + page)]
        lines += [("Footer", "", xml.run(text)) for text in (self.appendix.command, self.appendix.link)]
        self._framed(section.footer, lines)

    def _framed(self, part: object, lines: list[tuple[str, str, str]]) -> None:
        element = part._element  # type: ignore[attr-defined]
        for old in list(element):
            element.remove(old)
        for style, properties, inner in lines:
            element.append(self._parsed(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'))

    def _front(self, blocks: tuple[Block, ...]) -> None:
        """The first page: the title, what stands before the first heading, and the table of contents."""
        if self.appendix.front:
            self._add(xml.paragraph(xml.run(self.appendix.title), "Title"))
        if self.appendix.subtitle:
            self._add(xml.paragraph(xml.run(self.appendix.subtitle), "Subtitle"))
        for block in blocks:
            self._block(block)
        if self.appendix.contents:
            self._contents()

    def _contents(self) -> None:
        """The table of contents, ready to read; Word makes it anew, with page numbers, when asked to."""
        headings = [block for block in self.appendix.blocks if isinstance(block, Heading)]
        self._add(xml.paragraph(xml.run(self.voice.say("Innehåll", "Contents")), "TOCHeading", with_next=True))
        start = xml.field_start('TOC \\o "1-2" \\h \\z \\u')
        shown = [(place, heading) for place, heading in enumerate(headings, 1) if heading.level <= 2]
        for number, (place, heading) in enumerate(shown):
            inner = (start if not number else "") + xml.leading_to(f"heading{place}", xml.run(heading.text))
            if number == len(shown) - 1:
                inner += xml.FIELD_END
            self._add(f'<w:p><w:pPr><w:pStyle w:val="toc{heading.level}"/></w:pPr>{inner}</w:p>')

    def _turn(self, block: Block, following: Block | None) -> None:
        """Begin pages on their side where a wide figure (or the heading over one) comes, and upright ones after it."""
        wide = isinstance(block, Figure) and block.wide
        leads = isinstance(block, Heading) and isinstance(following, Figure) and following.wide
        if (wide or leads) != self.turned:
            self.turned = wide or leads
            self._page(self.document.add_section(WD_SECTION.NEW_PAGE), turned=self.turned)

    def _block(self, block: Block, *, leads: bool = False) -> None:
        """One block; one that `leads` stays on the page of what follows."""
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                style, runs = _STYLES[block.kind], self._runs(block.line)
                self._add(xml.paragraph(runs, style, with_next=leads, apart=self.under_table))
            case Bullets():
                for place, line in enumerate(block.lines):
                    self._add(xml.paragraph(self._runs(line), "ListBullet", apart=self.under_table and not place))
            case Banner():
                text = xml.run(block.word.upper(), strong=True) + "<w:r><w:br/></w:r>" + xml.run(block.text)
                self._add(xml.paragraph(text, "Banner"))
            case Table():
                self._caption(Table, self.voice.say("Tabell", "Table"), block.caption, with_next=True)
                self._add(xml.table(block, self._room(), self.targets, self.brand.group_fill[1:]))
            case Figure():
                self._figure(block)
        self.under_table = isinstance(block, Table)

    def _heading(self, block: Heading) -> None:
        self.counts[Heading] += 1
        number = self.counts[Heading]
        start = "<w:pageBreakBefore/>" if number == 1 and self.appendix.contents else ""
        inner = xml.bookmark(f"heading{number}", 100_000 + number, xml.run(block.text))
        self._add(f'<w:p><w:pPr><w:pStyle w:val="Heading{block.level}"/>{start}</w:pPr>{inner}</w:p>')

    def _caption(self, kind: type[Table] | type[Figure], label: str, text: str, *, with_next: bool) -> None:
        self.counts[kind] += 1
        inner = (
            xml.run(f"{label}\u00a0") + xml.field(f"SEQ {label} \\* ARABIC", str(self.counts[kind])) + xml.run(f". {text}")
        )
        self._add(xml.paragraph(inner, "Caption", with_next=with_next, apart=self.under_table))

    def _figure(self, block: Figure) -> None:
        number = self.counts[Figure] + 1
        room = (297 if block.wide else 210) - 2 * self.brand.margin
        scale = min(1.0, room / block.width_mm)
        png, _ = self.document.part.get_or_add_image(io.BytesIO(block.png()))
        part = Part(
            PackURI(f"/word/media/figure{number}.svg"), "image/svg+xml", block.svg.encode(), self.document.part.package
        )
        told = _picture().substitute(
            width=round(block.width_mm * scale * _EMU_A_MM),
            height=round(block.height_mm * scale * _EMU_A_MM),
            number=number,
            name=quoteattr(f"{self.voice.say('Figur', 'Figure')} {number}"),
            alt=quoteattr(block.alt),
            png=png,
            svg=self.document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE),
        )
        self._add(xml.paragraph(f"<w:r>{told}</w:r>", "Normal", with_next=True))
        self._caption(Figure, self.voice.say("Figur", "Figure"), block.caption, with_next=False)

    def _runs(self, line: Line) -> str:
        link = self.document.part.relate_to(line.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True) if line.link else ""
        return xml.line_runs(line, self.targets, link)

    def _room(self) -> int:
        """The width of the text, in twentieths of a point."""
        return round((210 - 2 * self.brand.margin) * _DXA_A_MM)

    def _add(self, text: str) -> None:
        """Put a paragraph or a table at the end of the body, before the properties of its last section."""
        body = self.document.element.body
        body.insert(len(body) - 1, self._parsed(text))

    def _parsed(self, text: str) -> object:
        if text.startswith("<w:p>"):
            text = f"<w:p {nsdecls('w', 'r')}>{text[5:]}"
        return parse_xml(text)


@cache
def _picture() -> Template:
    return Template((TEMPLATES / "picture.xml").read_text("utf-8"))
