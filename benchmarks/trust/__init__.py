"""Attacks on what is kept and built: `python -m benchmarks.trust [part ...]`, told in docs/trust.md."""
