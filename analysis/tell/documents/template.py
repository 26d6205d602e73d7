"""Documents whose whole text is one template, with its tables in it, that an office can replace by its own."""

import traceback
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateError, TemplateSyntaxError
from markupsafe import Markup

from analysis.errors import RequestError
from analysis.kinds import kind
from analysis.sources import shown
from analysis.tell.documents.document import Document
from analysis.tell.parts.narrative import Narrative
from analysis.tell.speech.templates import marked_lines
from analysis.tell.speech.worded import worded


@dataclass(frozen=True, eq=False)
class Templated(Document):
    """A document of one chapter, named as its kind; `template` is a file of the office's own, "" for the project's."""

    template: str = ""

    def show(self, name: str) -> Markup:
        """Return a table of the kind for a template, nothing where the data give it no row."""
        table = self.table(name)
        return Markup(table.markdown() if table else "")

    def text(self) -> Narrative:
        """Return the text of the document: the chapter that is named as its kind."""
        return self.chapter(kind(self.kind).id)

    def chapter(self, name: str) -> Narrative:
        """Return the text by the office's own template where there is one, else by the project's.

        Raises RequestError, with file and line, where a template of the office's own can't be read or understood.
        """
        return Narrative(name, self._own(name) + "\n") if self.template else super().chapter(name)

    def _own(self, name: str) -> str:
        path, voice, facts = Path(self.template), self.voice(name), self.facts(name)
        try:
            text = path.read_text(encoding="utf-8-sig")
            return worded(voice, marked_lines(text), facts)
        except (OSError, UnicodeDecodeError) as fault:
            raise RequestError("template_unreadable", file=path) from fault
        except TemplateSyntaxError as fault:
            raise RequestError("template_faulty", file=path, line=fault.lineno, reason=fault.message) from fault
        except (TemplateError, TypeError, KeyError, AttributeError, ValueError) as fault:
            # What a line asks for says more to its writer than what we found amiss.
            frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if frame.filename == "<template>"]
            line = frames[-1].lineno if frames else None
            reason = shown(text.splitlines()[line - 1].strip()) if line else str(fault)
            raise RequestError("template_faulty", file=path, line=line or "?", reason=reason) from fault
