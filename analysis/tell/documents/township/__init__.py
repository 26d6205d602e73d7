"""The report on a township: a selection of a county's schools. The county is judged; the township has no verdict."""

from analysis.tell.documents.township.township import TownshipReport, open_township, townships

__all__ = ["TownshipReport", "open_township", "townships"]
