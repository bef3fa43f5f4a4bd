"""`make faults`: a whole office under load over HTTP, broken in every way we know, and counted."""
