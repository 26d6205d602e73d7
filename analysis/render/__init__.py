"""Executed notebook -> HTML, PDF, DOCX, workbook, site; one interface, two engines."""

from .engine import Engine, pick, render
from .meta import Meta

__all__ = ["Engine", "Meta", "pick", "render"]
