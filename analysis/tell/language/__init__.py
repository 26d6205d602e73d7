"""Words and numbers: what things are called, and how a number becomes text."""
