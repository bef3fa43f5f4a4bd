"""Order logs: orders and returns of another system, imported from a file."""
