"""The offices of `benchmarks/pages.py` and `benchmarks/desk.py`: filled in bulk, and run."""
