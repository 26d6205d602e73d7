"""Tables of a field check: each module computes one."""
