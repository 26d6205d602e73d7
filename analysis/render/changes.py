"""The page that tells what changed between two drafts: a table to print and to file."""

import html
from pathlib import Path
from typing import Any

from analysis import storage
from analysis.brand import brand
from analysis.errors import language, listed, message

#: Its columns, by the keys of their heads in messages.yml.
_HEADS = ("diff_head_item", "diff_head_before", "diff_head_after", "diff_head_schools")
_STYLE = """body {{ font-family: "Noto Serif SC", "Noto Serif CJK SC", SimSun, serif; color: {ink}; margin: 0; }}
main {{ max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.4rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .92rem; }}
th, td {{ border-bottom: 1px solid {rule}; padding: .3rem .6rem; text-align: left; vertical-align: top; }}
td {{ overflow-wrap: anywhere; line-height: 1.6; }}
tr.verdict td:first-child {{ font-weight: 600; }}
.wide {{ overflow-x: auto; }}
@media print {{ main {{ max-width: none; margin: 0; }} tr {{ break-inside: avoid; }} }}"""


def write(path: Path, title: str, changes: Any) -> None:
    """Write the page of changes (run.commands.changes) whole."""
    colours = {name: colour.lower() for name, colour in (brand().colours | brand().check_page).items()}
    rows = []
    for change in changes.changes:
        schools = "<br>".join(html.escape(each) for each in change.schools)
        if change.more > len(change.schools):
            schools += html.escape(message("diff_more", number=change.more - len(change.schools)))
        cells = "".join(f"<td>{html.escape(text)}</td>" for text in (change.name, change.before, change.after))
        kind = ' class="verdict"' if change.verdict else ""
        rows.append(f"<tr{kind}>{cells}<td>{schools}</td></tr>")
    heads = "".join(f'<th scope="col">{message(head)}</th>' for head in _HEADS)
    notes = [
        message(f"diff_{name}", **{key: listed(texts)})
        for name, key, texts in (
            ("came", "schools", changes.came),
            ("left", "schools", changes.left),
            ("files", "files", changes.files),
        )
        if texts
    ]
    body = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    lang = "en" if language() == "en" else "zh-Hans"
    path.parent.mkdir(parents=True, exist_ok=True)
    storage.write_whole(
        path,
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{html.escape(title)}</title>\n'
        f"<style>\n{_STYLE.format(**colours)}\n</style>\n</head>\n<body>\n<main>\n<h1>{html.escape(title)}</h1>\n"
        f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>\n'
        f"{body}\n</main>\n</body>\n</html>\n",
    )
