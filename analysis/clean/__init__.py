"""Room `clean`: see docs/architecture.md."""
