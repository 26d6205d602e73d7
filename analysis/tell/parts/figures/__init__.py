"""Figures, one question each: a module computes its frame and draws it, two functions apart."""
