"""Tables: each module computes one, values unrounded in its frame, as text in its cells."""
