"""Layouts: the same few rows as workbooks and text of every shape that offices send, with a ledger of the truth."""

from analysis.sample.layouts.draw import OFFICE, YEAR, Layout, Made, draw, lay
from analysis.sample.layouts.page import Page, Value
from analysis.sample.layouts.words import words
from analysis.sample.layouts.write import write

__all__ = ["OFFICE", "YEAR", "Layout", "Made", "Page", "Value", "draw", "lay", "words", "write"]
