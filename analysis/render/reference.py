"""The DOCX that gives every Word report its styles, header and footer: pandoc's own, dressed as an official document.

`python -m analysis.render.reference` writes reports/reference.docx anew; a test holds that the committed file is what
this makes. Office fonts are named (方正小标宋, 黑体, 仿宋), with others in the font table for machines without them.
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from analysis.brand import brand
from analysis.project import root

from . import pandoc, zips
from .meta import words_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

#: Text width in twentieths of a point: A4 less 28 mm and 26 mm.
MEASURE = 8844
BODY, HEAD, TITLE = "仿宋_GB2312", "黑体", "方正小标宋简体"
#: Font -> the one that stands in for it.
FONTS = {BODY: "FangSong", HEAD: "SimHei", TITLE: "SimSun"}


@dataclass(frozen=True)
class Style:
    """One style: sizes in points, colours by their name in _brand.yml, spacing (before, after) in points,
    `tab` a right tab in twentieths of a point."""

    name: str
    base: str = "Normal"
    kind: str = "paragraph"
    font: str = ""
    size: float = 0
    bold: bool = False
    colour: str = ""
    fill: str = ""
    edge: str = ""
    align: str = ""
    spacing: tuple[float, float] | None = None
    line: float = 0
    indent: float | None = None
    keep: bool = False
    level: int = 0
    tab: int = 0
    left: float = 0


def styles() -> tuple[Style, ...]:
    """Return our styles; those whose name pandoc knows take the place of pandoc's."""
    verdicts = (("Met", "blue"), ("Not Met", "vermilion"), ("Undecidable", "ochre"), ("No Data", "muted"))
    own = [
        Style("Normal", "", font=BODY, size=10.5, colour="ink"),
        Style("Body Text", align="both", spacing=(0, 3), line=17.5, indent=2),
        Style("First Paragraph", "Body Text"),
        Style("Compact", "Body Text", indent=0, spacing=(0, 2)),
        Style("Title", font=TITLE, size=20, align="center", spacing=(6, 12), indent=0, keep=True),
        Style("Subtitle", font=BODY, size=10, colour="muted", align="center", spacing=(0, 12), indent=0),
        Style("Heading 1", font=HEAD, size=16, spacing=(18, 8), keep=True, level=1),
        Style("Heading 2", font=HEAD, size=13, spacing=(14, 6), keep=True, level=2),
        Style("Heading 3", font=HEAD, size=11, spacing=(10, 4), keep=True, level=3),
        Style("TOC Heading", font=HEAD, size=15, spacing=(0, 10), align="center", keep=True),
        Style("toc 1", size=11, spacing=(2, 2), tab=MEASURE),
        Style("toc 2", size=11, spacing=(0, 0), tab=MEASURE, left=22),
        Style("Caption", font=HEAD, size=9, colour="muted", align="center"),
        Style("Table Caption", "Caption", spacing=(10, 4), keep=True),
        Style("Image Caption", "Caption", spacing=(4, 12)),
        Style("Captioned Figure", spacing=(10, 0), align="center", keep=True),
        Style("Figure", spacing=(10, 0), align="center"),
        Style("Source", size=8, colour="muted", spacing=(4, 10)),
        Style("Sign", align="right", spacing=(6, 6), keep=True),
        Style("Field Name", font=HEAD, size=9.5, spacing=(3, 2), tab=MEASURE // 4 - 180),
        Style("Field Text", size=8.5, colour="muted", spacing=(0, 3)),
        Style("Callout Title", font=HEAD, colour="blue", edge="blue", spacing=(8, 0), keep=True),
        Style("Callout", size=10, edge="blue", spacing=(0, 8)),
        Style("Aside", "", "character", size=9.5, colour="muted"),
        Style("Strong Text", "", "character", font=HEAD, bold=True),
        Style("Header", size=8, colour="muted", font=HEAD, tab=MEASURE),
        Style("Footer", size=10.5),
        Style("Cell Plain", size=9, spacing=(1, 1)),
        Style("Cell Head", "Cell Plain", font=HEAD),
    ]
    for name, colour in verdicts:
        own += [
            Style(name, "", "character", font=HEAD, bold=True, colour=colour),
            Style(
                f"Verdict Head {name}",
                font=HEAD,
                size=14,
                bold=True,
                colour=colour,
                fill=_tint(colour),
                edge=colour,
                spacing=(8, 0),
                keep=True,
                tab=MEASURE,
            ),
            Style(f"Verdict Text {name}", fill=_tint(colour), edge=colour, spacing=(0, 0), line=17, align="both"),
            Style(f"Cell {name}", "Cell Plain", colour=colour, bold=name == "Not Met"),
        ]
    return tuple(own)


def _tint(colour: str) -> str:
    return "faint" if colour == "muted" else f"{colour}-tint"


def build() -> bytes:
    """Return the reference DOCX."""
    default = subprocess.run(
        [pandoc.program(), "--print-default-data-file", "reference.docx"], capture_output=True, check=True
    ).stdout
    parts = zips.read(default)
    words = words_of("zh")
    parts["word/styles.xml"] = _styles(parts["word/styles.xml"])
    parts["word/fontTable.xml"] = _font_table()
    parts["word/header1.xml"] = _part(
        "hdr", _paragraph("Header", _run(words["series"]) + "<w:r><w:tab/></w:r>" + _run(""))
    )
    parts["word/footer1.xml"] = _part("ftr", _page_number("right"))
    parts["word/footer2.xml"] = _part("ftr", _page_number("left"))
    parts["word/document.xml"] = _with_section(parts["word/document.xml"])
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(
        b"</w:settings>", b"<w:evenAndOddHeaders/></w:settings>"
    )
    names = (("header1", "header"), ("footer1", "footer"), ("footer2", "footer"))
    for name, kind in names:
        kind_type = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        entry = f'<Override PartName="/word/{name}.xml" ContentType="{kind_type}"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", entry.encode())
        relation = f'<Relationship Id="{name}" Type="{R}/{kind}" Target="{name}.xml"/></Relationships>'
        path = "word/_rels/document.xml.rels"
        parts[path] = parts[path].replace(b"</Relationships>", relation.encode())
    return zips.write(parts)


def _styles(part: bytes) -> bytes:
    tree = etree.fromstring(part)
    ours = {style.name.lower(): style for style in styles()}
    for element in tree.findall(f"{{{W}}}style"):
        name = element.find(f"{{{W}}}name")
        if name is not None and name.get(f"{{{W}}}val", "").lower() in ours:
            tree.remove(element)
    for style in ours.values():
        tree.append(etree.fromstring(_style(style)))
    for name in ("Report Table", "Cards"):
        tree.append(etree.fromstring(_table_style(name)))
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def style_id(name: str) -> str:
    """Return the id that pandoc looks a style name up by."""
    return {"toc 1": "TOC1", "toc 2": "TOC2"}.get(name, name.replace(" ", ""))


def _style(style: Style) -> str:
    colours = brand().colours
    paragraph = ""
    if style.keep:
        paragraph += "<w:keepNext/>"
    if style.edge:
        paragraph += (
            f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="{colours[style.edge][1:]}"/></w:pBdr>'
        )
    if style.fill:
        paragraph += f'<w:shd w:val="clear" w:color="auto" w:fill="{colours[style.fill][1:]}"/>'
    if style.tab:
        paragraph += f'<w:tabs><w:tab w:val="right" w:pos="{style.tab}"/></w:tabs>'
    if style.spacing is not None or style.line:
        before, after = style.spacing or (0, 0)
        line = f' w:line="{round(style.line * 20)}" w:lineRule="atLeast"' if style.line else ""
        paragraph += f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{line}/>'
    if style.indent is not None:
        paragraph += (
            f'<w:ind w:firstLineChars="{round(style.indent * 100)}" w:firstLine="{round(style.indent * 210)}"/>'
        )
    elif style.edge or style.left:
        paragraph += f'<w:ind w:left="{round(style.left * 20) or 160}"/>'
    if style.align:
        paragraph += f'<w:jc w:val="{style.align}"/>'
    if style.level:
        paragraph += f'<w:outlineLvl w:val="{style.level - 1}"/>'
    run = ""
    if style.font:
        latin = "Times New Roman" if style.font == BODY else "Arial"
        run += f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{style.font}"/>'
    run += "<w:b/><w:bCs/>" if style.bold else ""
    run += f'<w:color w:val="{colours[style.colour][1:]}"/>' if style.colour else ""
    run += f'<w:sz w:val="{round(style.size * 2)}"/><w:szCs w:val="{round(style.size * 2)}"/>' if style.size else ""
    base = f'<w:basedOn w:val="{style_id(style.base)}"/>' if style.base else ""
    default = ' w:default="1"' if style.name == "Normal" else ""
    properties = f"<w:pPr>{paragraph}</w:pPr>" if style.kind == "paragraph" else ""
    return (
        f'<w:style xmlns:w="{W}" w:type="{style.kind}"{default} w:styleId="{style_id(style.name)}">'
        f'<w:name w:val="{style.name}"/>{base}<w:qFormat/>{properties}<w:rPr>{run}</w:rPr></w:style>'
    )


def _table_style(name: str) -> str:
    colours = brand().colours
    line, ink = colours["line"][1:], colours["ink"][1:]
    if name == "Cards":
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
    else:
        edges = (
            f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{ink}"/>'
            f'<w:bottom w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:space="0" w:color="{line}"/>'
        )
    head = (
        f'<w:tcPr><w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="{ink}"/></w:tcBorders></w:tcPr>'
    )
    first = f'<w:tblStylePr w:type="firstRow">{head}</w:tblStylePr>' if name != "Cards" else ""
    margins = '<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
    return (
        f'<w:style xmlns:w="{W}" w:type="table" w:customStyle="1" w:styleId="{style_id(name)}"><w:name w:val="{name}"/>'
        f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders>{margins}</w:tblPr>{first}</w:style>"
    )


def _font_table() -> bytes:
    fonts = "".join(f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in FONTS.items())
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{W}">{fonts}</w:fonts>'.encode()


def _part(tag: str, content: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<w:{tag} xmlns:w="{W}" xmlns:r="{R}">{content}</w:{tag}>'.encode()


def _paragraph(style: str, content: str, align: str = "") -> str:
    side = f'<w:jc w:val="{align}"/>' if align else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id(style)}"/>{side}</w:pPr>{content}</w:p>'


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def _page_number(side: str) -> str:
    words = words_of("zh")
    field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    return _paragraph("Footer", _run(words["page"][0]) + field + _run(words["page"][1]), side)


def _with_section(part: bytes) -> bytes:
    tree = etree.fromstring(part)
    body = tree.find(f"{{{W}}}body")
    assert body is not None
    for old in body.findall(f"{{{W}}}sectPr"):
        body.remove(old)
    references = "".join(
        f'<w:{kind}Reference w:type="{which}" r:id="{name}"/>'
        for kind, which, name in (
            ("header", "default", "header1"),
            ("header", "even", "header1"),
            ("footer", "default", "footer1"),
            ("footer", "even", "footer2"),
        )
    )
    section = (
        f'<w:sectPr xmlns:w="{W}" xmlns:r="{R}">{references}<w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1701" w:right="1474" w:bottom="1588" w:left="1588" w:header="1020" w:footer="964"'
        ' w:gutter="0"/>'
        "</w:sectPr>"
    )
    body.append(etree.fromstring(section))
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def path() -> Path:
    """Return where the reference lies."""
    return root() / "reports" / "reference.docx"


if __name__ == "__main__":
    path().write_bytes(build())
