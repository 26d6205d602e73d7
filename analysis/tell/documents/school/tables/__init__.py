"""Tables of a school's sheet: each module computes one."""
