"""Benchmarks by name: `make bench`, `python -m bench [ONLY]`; goals in docs/performance.md."""
