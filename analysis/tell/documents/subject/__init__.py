"""The report on one subject (学科质量分析报告): national results and the county's own tests."""

from analysis.tell.documents.subject.subject import SubjectReport, open_subject, subject_id

__all__ = ["SubjectReport", "open_subject", "subject_id"]
