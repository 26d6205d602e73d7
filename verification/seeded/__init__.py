"""Errors put into a finished report, of every kind that is known: what the second reader must find."""
