"""What `benchmarks/handoff.py` measures against: a consumer of one insert, and plain Celery."""
