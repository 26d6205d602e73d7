"""Chapters: each module says which facts its templates need, the templates say what becomes of them."""
