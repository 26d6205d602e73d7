"""Room `judge`: see docs/architecture.md."""
