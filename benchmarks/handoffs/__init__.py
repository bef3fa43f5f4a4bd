"""The consumers, tasks and data of `benchmarks/handoff.py`."""
