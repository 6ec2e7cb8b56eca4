"""The styles of an appendix in Word, set from the brand: the same names that Word knows, so that a city can restyle them."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from graphsvc.remiss.brand import Brand
from graphsvc.remiss.word_xml import CITATION, LANGUAGES, TABLE_STYLE, TABLE_TEXT

_ZONE = 850  # twentieths of a point that a line may lack before a word is divided
_SIZES = {"Title": 21, "Subtitle": 13, "Heading 1": 15, "Heading 2": 12, "Heading 3": 10.5, "TOC Heading": 15}


def dress(document: Document, brand: Brand, language: str) -> None:
    """Give `document` the styles of `brand`, and the language."""
    _language(document, LANGUAGES[language])
    _paragraphs(document, brand)
    for name, size in _SIZES.items():
        _heading(document, brand, name, size)
    _own(document, brand)
    document.styles.element.append(parse_xml(_table_style(brand)))
    _settings(document)


def _settings(document: Document) -> None:
    """What the library's template leaves out, or says of an older Word."""
    told = document.settings.element
    told.find(qn("w:zoom")).set(qn("w:percent"), "100")
    stop = told.find(qn("w:defaultTabStop"))  # the schema wants what is about hyphens just after it
    stop.addnext(parse_xml(f'<w:hyphenationZone {nsdecls("w")} w:val="{_ZONE}"/>'))
    stop.addnext(parse_xml(f"<w:autoHyphenation {nsdecls('w')}/>"))
    mode = next(one for one in told.iter(qn("w:compatSetting")) if one.get(qn("w:name")) == "compatibilityMode")
    mode.set(qn("w:val"), "15")


def _language(document: Document, tag: str) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    run = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in run.findall(qn("w:lang")):
        run.remove(old)
    run.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{tag}" w:eastAsia="{tag}" w:bidi="ar-SA"/>'))
    told = document.settings.element.find(qn("w:themeFontLang"))
    if told is not None:
        told.set(qn("w:val"), tag)


def _paragraphs(document: Document, brand: Brand) -> None:
    normal = _paragraph(document, "Normal")
    _letters(normal, brand, brand.text_size, brand.ink)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    for name in ("Header", "Footer"):
        _letters(_paragraph(document, name), brand, brand.small_size, brand.quiet)
        form = _paragraph(document, name).paragraph_format
        form.space_after = Pt(0)
        form.tab_stops.clear_all()
        form.tab_stops.add_tab_stop(Mm(210 - 2 * brand.margin), WD_TAB_ALIGNMENT.RIGHT)
    caption = _paragraph(document, "Caption")
    _letters(caption, brand, brand.table_size + 0.5, brand.ink)
    caption.font.bold = False
    caption.paragraph_format.space_before = Pt(6)
    caption.paragraph_format.space_after = Pt(3)


def _heading(document: Document, brand: Brand, name: str, size: float) -> None:
    style = _paragraph(document, name)
    _letters(style, brand, size, brand.quiet if name == "Subtitle" else brand.accent)
    style.font.bold, style.font.italic = name != "Subtitle", False
    form = style.paragraph_format
    form.keep_with_next = True
    form.space_before, form.space_after = (Pt(0), Pt(4)) if name in ("Title", "Subtitle") else (Pt(16), Pt(6))
    for spacing in style.element.get_or_add_rPr().findall(qn("w:spacing")):
        style.element.rPr.remove(spacing)
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _own(document: Document, brand: Brand) -> None:
    """The styles that Word does not have: small text, the text of tables, what to read first, the frame, and citations."""
    for name, size, colour in (
        (TABLE_TEXT, brand.table_size, brand.ink),
        ("Lead", brand.text_size + 0.5, brand.ink),
        ("Note", brand.small_size, brand.quiet),
        ("Banner", brand.text_size, brand.ink),
        ("toc 1", brand.text_size, brand.ink),
        ("toc 2", brand.text_size, brand.ink),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, name.startswith("toc"))
        assert isinstance(style, ParagraphStyle)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
        _letters(style, brand, size, colour)
    _paragraph(document, TABLE_TEXT).paragraph_format.space_after = Pt(1)
    _paragraph(document, TABLE_TEXT).paragraph_format.line_spacing = 1.0
    _frame(_paragraph(document, "Banner"), brand)
    for level, name in enumerate(("toc 1", "toc 2")):
        form = _paragraph(document, name).paragraph_format
        form.space_after, form.line_spacing, form.left_indent = Pt(1), 1.0, Mm(6 * level)
        form.tab_stops.add_tab_stop(Mm(210 - 2 * brand.margin), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    for name, size, colour in ((CITATION, brand.small_size, brand.quiet), ("Hyperlink", brand.text_size, brand.accent)):
        character = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER, name == "Hyperlink")
        assert isinstance(character, CharacterStyle)
        _letters(character, brand, size, colour)
        character.font.underline = name == "Hyperlink"


def _frame(style: ParagraphStyle, brand: Brand) -> None:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{32 if side == "left" else 6}" w:space="6" w:color="{brand.ink[1:]}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    style.paragraph_format.space_after = Pt(10)
    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Pt(8)
    frame = parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>")
    style.element.get_or_add_pPr().insert_element_before(frame, "w:shd", "w:tabs", "w:spacing", "w:ind")


def _paragraph(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    assert isinstance(style, ParagraphStyle)
    return style


def _letters(style: CharacterStyle, brand: Brand, size: float, colour: str) -> None:
    """The typeface (in place of the theme's), size and colour of a style."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), brand.word_font)
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour[1:].upper())


def _table_style(brand: Brand) -> str:
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{brand.quiet[1:]}"'
    sides = (("top", 40), ("left", 60), ("bottom", 20), ("right", 60))
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    return (
        f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">'
        '<w:name w:val="Appendix Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:qFormat/>'
        f"<w:tblPr><w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{brand.head_fill[1:]}"/></w:tcPr></w:tblStylePr></w:style>'
    )
