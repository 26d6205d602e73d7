"""Room `read`: see docs/architecture.md."""
