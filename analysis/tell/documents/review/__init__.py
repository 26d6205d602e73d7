"""The form of a region's review (复核): its counties' self-assessments side by side, the review's results left open."""

from analysis.tell.documents.review.review import ReviewForm

__all__ = ["ReviewForm"]
