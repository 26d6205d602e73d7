"""A case: the frames of one county and year, and what of them may be shown to whom."""
