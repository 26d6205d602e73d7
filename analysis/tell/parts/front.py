"""The head of a document as its notebook shows it: whose it is, by what it is judged, and what each page says."""

import html
from dataclasses import dataclass
from typing import Any

from analysis import pagewords
from analysis.tell.case.setting import Setting
from analysis.tell.facts.titles import Titles
from analysis.tell.language import escape
from analysis.tell.speech.display import shown


@dataclass(frozen=True)
class Front:
    """Title and origin of one document; whoever renders a notebook that nobody has executed takes them from here."""

    titles: Titles
    setting: Setting
    brief: bool

    @property
    def mark(self) -> str:
        """The mark of a draft and of synthetic data."""
        return pagewords.mark(self.setting.lang, draft=self.setting.draft, synthetic=self.setting.synthetic)

    @property
    def fields(self) -> dict[str, str]:
        """What the metadata of a document call each part of it, in their order; empty ones are left out."""
        lang = self.setting.lang
        head = pagewords.header(lang, self.titles.series, self.setting.province.get(lang, ""))
        values = {
            "title": self.titles.title,
            "subtitle": self.titles.subtitle,
            "office": self.titles.office,
            "page-header": head,
            "page-mark": self.mark,
        }
        return {name: text for name, text in values.items() if text}

    def markdown(self) -> str:
        """Return the div that reports/filters/front.lua puts into the metadata."""
        lang = self.setting.lang
        classes = ".front .brief" if self.brief else ".front"
        parts = [f"::: {{.{name}}}\n{escape.markdown(text)}\n:::\n" for name, text in self.fields.items()]
        region = pagewords.words_of(lang)["pandoc_lang"]
        return "\n".join([f':::: {{{classes} lang="{lang}" region="{region}"}}', *parts, "::::\n"])

    def html(self) -> str:
        """Return the head as a person reads it."""
        below = [html.escape(text) for text in (self.titles.subtitle, self.mark) if text]
        return f"<h1>{html.escape(self.titles.title)}</h1>" + "".join(f'<p class="source">{text}</p>' for text in below)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return shown(self.markdown(), self.titles.title, self.html)
