"""Kinds of what keeps a county from its verdict."""

from enum import StrEnum


class ObstacleKind(StrEnum):
    """What an obstacle is made of: an indicator of a stage, a subject and grade, an item, recognition, a composite."""

    INDICATOR = "indicator"
    SUBJECT = "subject"
    ITEM = "item"
    RECOGNITION = "recognition"
    COMPOSITE = "composite"


#: Kinds of which several findings make one obstacle; each of the others is the finding that decides it.
COMBINED = frozenset({ObstacleKind.INDICATOR, ObstacleKind.SUBJECT})
#: Kinds that are told by the name of an indicator or an item; the others have one name for all.
NAMED = frozenset({ObstacleKind.INDICATOR, ObstacleKind.ITEM})
