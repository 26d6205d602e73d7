"""The forms of an application (申报): the self-assessment report (自评报告) and the application form (申报表)."""

from analysis.tell.documents.forms.forms import Application, Form, SelfAssessment

__all__ = ["Application", "Form", "SelfAssessment"]
