"""Room `run`: see docs/architecture.md."""
