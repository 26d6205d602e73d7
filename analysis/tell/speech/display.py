"""What a notebook shows to someone at JupyterLab, which knows neither Pandoc's spans nor its raw blocks: plain HTML.

Reports are made from Markdown alone (one HTML output would make Quarto load scripts from the network), so HTML is given
only where a person's Jupyter server started the kernel.
"""

import os
import re
from collections.abc import Callable
from functools import cache

from analysis.project import JUPYTER_SESSION, root

_ASIDE = re.compile(r" ?[（(]\[@(?:fig|tbl)-[a-z-]+\][）)]")
_REFERENCE = re.compile(r"\[@(?:fig|tbl)-([a-z-]+)\]")
_SECTION = re.compile(r"\[([^\]]*)\]\(#sec-[a-z]+\)")
_NUMBER = re.compile(r"\{\.n f=")
_LABEL = re.compile(r"(?m)^(#+ .*?) \{#[a-z-]+\}$")


def shown(markdown: str, called: str, html: Callable[[], str] | None = None) -> dict[str, str]:
    """Return the outputs of a cell: the Markdown that reports are made from, what it is `called` and, for a person,
    HTML (what `html` returns, or the Markdown put into it)."""
    always = {"text/plain": called, "text/markdown": markdown}
    if JUPYTER_SESSION not in os.environ:
        return always
    return always | {"text/html": _page(html() if html else _converted(markdown))}


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
    return f'<div class="junheng">\n<style>\n{_style()}</style>\n{body}\n</div>'


@cache
def _style() -> str:
    return (root() / "reports" / "html" / "notebook.css").read_text(encoding="utf-8")
