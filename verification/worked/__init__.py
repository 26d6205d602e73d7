"""Figures of a county, worked out from its raw statistics in exact fractions."""
