"""Measuring what docs/reference/performance.md promises: one file per promise, `python -m bench` runs them."""
