"""Kinds of documents: what the notebook of each talks to."""
