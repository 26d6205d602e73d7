"""Room `statistics`: see docs/architecture.md."""
