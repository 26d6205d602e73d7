"""The list of all sentences that templates can print, and whether the tests' counties reach each."""
