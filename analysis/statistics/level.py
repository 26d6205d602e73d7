"""How sure an interval is where nobody asks for another confidence."""

LEVEL = 0.95
