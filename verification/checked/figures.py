"""Labels of figures: every number that stands in one, by the figure and what stands beside it."""

from dataclasses import dataclass

from verification.checked.kinds import Record
from verification.checked.shown import Shown
from verification.printed.blocks import Block
from verification.worked.case import Case


@dataclass
class Labels:
    """Labels of one case's figures."""

    case: Case
    shown: Shown
    record: Record

    def read(self, document: str, block: Block) -> None:
        """Explain a label's numbers."""
