"""What a notebook shows a person (JupyterLab, VS Code, nbconvert), whose reader knows no Pandoc: HTML beside Markdown.

Reports are made from Markdown alone (one HTML output would make Quarto load scripts from the network), so HTML is left
out where whoever executes the notebook renders it. The notebook that is delivered gets it afterwards (`as_html`).
"""

import os
import re
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from analysis.project import RENDERERS, root

_ASIDE = re.compile(r" ?[（(]\[@(?:fig|tbl)-[a-z-]+\][）)]")
_REFERENCE = re.compile(r"\[@(?:fig|tbl)-([a-z-]+)\]")
_SECTION = re.compile(r"\[([^\]]*)\]\(#sec-[a-z]+\)")
_NUMBER = re.compile(r"\{\.n f=")
#: What parts outputs that are converted together, and what it becomes.
_MARK = "<!--next output-->"
_CUT = f"\n\n```{{=html}}\n{_MARK}\n```\n\n"
#: Names of classes and elements in a selector, without its pseudo-classes.
_NAME = re.compile(r"(?<![:\w-])[a-z][a-z-]*")
#: Where pandas says that its frames are from, by its version.
_PANDAS = ("pandas", "pandas.core.frame")
_LABEL = re.compile(r"(?m)^(#+ .*?) \{#[a-z-]+\}$")


def shown(markdown: str, called: str, html: Callable[[], str] | None = None) -> dict[str, str]:
    """Return the outputs of a cell: the Markdown that reports are made from, what it is `called` and, for a person,
    HTML (what `html` returns, or the Markdown put into it)."""
    always = {"text/plain": called, "text/markdown": markdown}
    if any(name in os.environ for name in RENDERERS):
        return always
    return always | {"text/html": _page(html() if html else _converted(markdown))}


def frames() -> None:
    """Have a notebook that is rendered show frames of pandas as tables within Markdown: their HTML by itself would make
    Quarto load scripts from the network. Elsewhere pandas shows them."""
    core = sys.modules.get("IPython.core.getipython")
    shell = core.get_ipython() if core else None
    if shell is None or not any(name in os.environ for name in RENDERERS):
        return
    for kind, show in (("text/markdown", _framed), ("text/html", lambda frame: None)):
        for module in _PANDAS:
            shell.display_formatter.formatters[kind].for_type_by_name(module, "DataFrame", show)


def _framed(frame: Any) -> str:
    return f"```{{=html}}\n{frame.to_html(border=0)}\n```"


def as_html(texts: list[str]) -> list[str]:
    """Return the HTML that a person reads in place of each Markdown output, all converted at once."""
    return [_page(part.strip()) for part in _converted(_CUT.join(texts)).split(_MARK)] if texts else []


def _converted(markdown: str) -> str:
    """Return Markdown as HTML: a number tells its finding to the pointer, a reference names the figure or table as the
    cells do, or is left out where it only stands in brackets."""
    import pypandoc

    text = _REFERENCE.sub(lambda match: f"`{match[1].replace('-', '_')}`", _ASIDE.sub("", markdown))
    text = _LABEL.sub(r"\1", _SECTION.sub(r"\1", text))
    return str(
        pypandoc.convert_text(_NUMBER.sub("{.n title=", text), "html", format="markdown", extra_args=["--wrap=none"])
    )


def _page(body: str) -> str:
    needed = [rule for rule, selectors in _style() if any(all(name in body for name in names) for names in selectors)]
    rules = "".join(f"{rule}\n" for rule in needed)
    return f'<div class="junheng">\n<style>\n{rules}</style>\n{body}\n</div>'


@cache
def _style() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Return each rule of the style sheet (a line each) with the names of classes and elements in its selectors: of 40
    outputs each brings its own, for a notebook may show one alone, but only what its page may need."""
    lines = (root() / "reports" / "html" / "notebook.css").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("/*")]
    return tuple(
        (rule, tuple(tuple(_NAME.findall(selector)[1:]) for selector in rule.partition("{")[0].split(",")))
        for rule in rules
    )
