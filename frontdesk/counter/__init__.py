"""The counter's page: what waits for the desk, today's work, and the search."""
