"""From the frame of a figure, what its words know and how it is drawn to a picture in its language.

The module of a figure has `<name>_data`, which returns the frame and a frozen record `Facts` (or None where there is
nothing to show), and `draw_<name>`.
"""

from types import ModuleType

from analysis.tell.case.case import Case
from analysis.tell.language import wording
from analysis.tell.parts.picture import Picture
from analysis.tell.speech.filters import spoken
from analysis.tell.speech.worded import worded


def drawn(case: Case, name: str, module: ModuleType) -> Picture | None:
    """Return the picture that `<name>_data` and `draw_<name>` of a module make; None where the frame has no row."""
    frame, facts = getattr(module, f"{name}_data")(case)
    if frame.is_empty() or facts is None:
        return None
    said = {
        key: worded(spoken(case), text, facts, synthetic=case.synthetic)
        for key, text in wording.texts("figures", case.lang)[name].items()
        if key != "labels"
    }
    draw = getattr(module, f"draw_{name}")
    return Picture(name.replace("_", "-"), said["caption"], said["alt"], frame, lambda brand: draw(frame, said, brand))
