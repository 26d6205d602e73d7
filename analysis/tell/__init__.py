"""Room `tell`: see docs/architecture.md."""
