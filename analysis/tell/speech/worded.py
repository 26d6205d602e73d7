"""The boundary between what is decided and what is worded: a record of facts here, the names of a template there."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from analysis.tell.speech.filters import Voice
from analysis.tell.speech.templates import tidy

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def worded(voice: Voice, source: str, facts: "DataclassInstance", **beside: Any) -> str:
    """Return `source`, a template's file or its text, as it words facts; their fields are the names that it knows."""
    known = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return tidy(voice.render(source, **known, **beside), voice.lang)
