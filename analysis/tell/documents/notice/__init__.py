"""The notice for publication (公示): what a county announces of its assessment, from the public edition alone."""

from analysis.tell.documents.notice.notice import Notice

__all__ = ["Notice"]
