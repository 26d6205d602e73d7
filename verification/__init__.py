"""A second reader of junheng's reports: what they print is worked out again from the raw workbooks, apart from them.

Nothing of `analysis` is imported here. Figures are exact fractions until they are printed. docs/verification.md says
what is worked out again, what is only traced and what is not looked at.
"""
