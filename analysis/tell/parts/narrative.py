"""A chapter as the notebook shows it."""

from dataclasses import dataclass
from typing import Any

from analysis.tell.speech.display import shown


@dataclass(frozen=True)
class Narrative:
    """A chapter in Pandoc's Markdown; numbers of findings are spans `[0.46]{.n f="id"}`."""

    name: str
    text: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return shown(self.text, self.name)
