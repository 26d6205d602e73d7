"""Pages of work (check, watch, diff): templates beside this module, in one environment and the colours of the house."""

from pathlib import Path
from typing import Any

import jinja2

from analysis.brand import brand
from analysis.errors import language


def page(template: str, **words: Any) -> str:
    """Return a page of work; its template knows `lang` and `colours` beside the words given."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = "{:,}".format
    colours = {name: colour.lower() for name, colour in (brand().colours | brand().check_page).items()}
    return environment.get_template(template).render(lang=language(), colours=colours, **words)
