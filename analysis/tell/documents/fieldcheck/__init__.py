"""The field check: what is taken to the schools, and what the verdict becomes with what was found there."""

from analysis.tell.documents.fieldcheck.check import FieldCheck, open_fieldcheck
from analysis.tell.documents.fieldcheck.visit import Visit, visit, visit_by_risk

__all__ = ["FieldCheck", "Visit", "open_fieldcheck", "visit", "visit_by_risk"]
