"""Room `standards`: see docs/architecture.md."""
