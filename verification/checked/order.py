"""Structure: numbers of chapters, tables, figures and list entries, and the references to them."""

import re
from pathlib import Path

from lxml import html

from verification.checked.kinds import Kind, Record
from verification.printed.blocks import Block, Document, Grid, tidy

_CHINESE = "一二三四五六七八九十"
#: How chapters, tables and figures are numbered, by language.
MARKS = {
    "zh": {"table": r"^表(\d+)", "figure": r"^图(\d+)", "reference": r"[表图]\d+"},
    "en": {"table": r"^Table (\d+)", "figure": r"^Figure (\d+)", "reference": r"(?:Table|Figure) \d+"},
}


def check(document: Document, lang: str, record: Record) -> None:
    """Hold the numbers of chapters, tables and figures: each kind counts from one without a gap."""
    _chapters(document, lang, record)
    for kind in ("table", "figure"):
        captions = [_caption(block, kind) for block in document.blocks]
        numbers = [(found, text) for text in captions if text and (found := re.match(MARKS[lang][kind], text))]
        for wanted, (found, text) in enumerate(numbers, 1):
            if int(found[1]) == wanted:
                record.good(document.name, Kind.FORM, int(kind == "table"))
            else:
                record.bad(document.name, text, found[1], wanted)


def _caption(block: Block | Grid, kind: str) -> str:
    if kind == "table":
        return block.caption if isinstance(block, Grid) else ""
    return block.text if isinstance(block, Block) and block.kind == "figcaption" else ""


def _chapters(document: Document, lang: str, record: Record) -> None:
    if lang != "zh":
        return
    heads = [one.text for one in document.blocks if isinstance(one, Block) and one.kind == "h2"]
    annexes = [text for text in heads if re.match(r"附件\d", text)]
    for place, text in enumerate(annexes, 1):
        if not text.startswith(f"附件{place}"):
            record.bad(document.name, text, text[:3], f"附件{place}")
    chapters = [text for text in heads if text not in annexes]
    chapters = chapters if chapters[:1] and chapters[0].startswith(f"{_CHINESE[0]}、") else chapters[1:]
    for wanted, text in zip(_CHINESE, chapters, strict=False):
        if not text.startswith(f"{wanted}、"):
            record.bad(document.name, text, text.partition("、")[0], wanted)


def references(path: Path, record: Record) -> list[str]:
    """Hold each reference of a page against the number of what it leads to; return all of them in order."""
    main = html.fromstring(path.read_text(encoding="utf-8")).xpath("//main")[0]
    numbers = {}
    for element in main.xpath(".//figure[@id] | .//table[@id]"):
        said = element.xpath(".//*[@class='caption-number']")
        if said:
            numbers[element.get("id")] = tidy(said[0].text_content()).rstrip(".:")
    found = []
    for link in main.xpath(".//a[contains(@class, 'reference')]"):
        text, wanted = tidy(link.text_content()), numbers.get(link.get("href", "").lstrip("#"), "")
        found.append(text)
        if text != wanted:
            record.bad(path.name, f"reference to {link.get('href')}", text, wanted or "something that is there")
    return found


def contents(path: Path, record: Record) -> None:
    """Hold the contents of a page against its headings: each entry is one of them, in their order."""
    main = html.fromstring(path.read_text(encoding="utf-8")).xpath("//main")[0]
    entries = main.xpath(".//nav[contains(@class, 'contents')]//a")
    heads = [tidy(one.text_content()) for one in main.xpath(".//h2 | .//h3") if not one.xpath("ancestor::nav")]
    rest = iter(heads)
    for entry in entries:
        text = tidy(entry.text_content())
        if text in rest:
            record.good(path.name, Kind.FORM, int(bool(re.search(r"\d", text))))
        else:
            record.bad(path.name, f"contents {entry.get('href')}", text, "a heading of the page, in its order")
            rest = iter(heads)


def same_references(document: Document, lang: str, wanted: list[str], record: Record) -> None:
    """Hold the references of a document without links against those of the page."""
    found = []
    for block in document.blocks:
        if isinstance(block, Block) and block.kind == "p":
            found += re.findall(MARKS[lang]["reference"], block.text)
    if found != wanted:
        differ = next((pair for pair in zip(found, wanted, strict=False) if pair[0] != pair[1]), ("", ""))
        record.bad(document.name, "references", f"{len(found)}: {differ[0]}", f"{len(wanted)}: {differ[1]}")
