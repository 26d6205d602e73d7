"""The rules that a computed item may name, and what each needs among the item's parameters."""

#: Rule -> parameters without which it computes nothing. `judge.computed` has a function of each.
NEEDS: dict[str, tuple[str, ...]] = {
    "special_rooms": ("classes_per_room", "music_area", "art_area"),
    "school_size": (),
    "class_size": (),
    "small_school_funding": ("pupils_below", "funded_as"),
    "training_funds": ("part",),
    "schools_at_floor": ("indicator",),
    "teacher_share": ("column",),
    "pupils_per_teacher": ("column",),
    "monitoring_round": (),
    "score": ("parts",),
}
#: Parameters that are text; all others are numbers.
TEXTS = ("indicator", "stage", "column", "built_before")
