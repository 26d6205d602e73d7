"""Printed documents, read back: paragraphs, tables, captions and figures in the order in which they stand."""
