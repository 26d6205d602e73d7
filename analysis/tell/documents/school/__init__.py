"""One sheet per school (一校一表): all that the findings of a county say about one of its schools."""

from analysis.tell.documents.school.sheet import SchoolSheet, nearest, open_school, schools

__all__ = ["SchoolSheet", "nearest", "open_school", "schools"]
