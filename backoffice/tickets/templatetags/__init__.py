"""Template tags of the work queue."""
