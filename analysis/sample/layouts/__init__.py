"""Layouts: the same few rows as workbooks and text of every shape that offices send, with a ledger of the truth."""

from analysis.sample.layouts.draw import OFFICE, YEAR, Drawn, Layout, draw, lay
from analysis.sample.layouts.page import Page, Value
from analysis.sample.layouts.words import words
from analysis.sample.layouts.write import write

__all__ = ["OFFICE", "YEAR", "Drawn", "Layout", "Page", "Value", "draw", "lay", "words", "write"]
