"""Deadlines of the ledger: what is overdue and due soon, by who answers for it and by months."""

from analysis.tell.documents.deadlines.deadlines import DeadlineReport

__all__ = ["DeadlineReport"]
