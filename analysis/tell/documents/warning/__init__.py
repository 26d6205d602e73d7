"""The early-warning sheet (预警): near limits, due within twelve months, not met for years."""

from analysis.tell.documents.warning.warning import WarningSheet

__all__ = ["WarningSheet"]
