"""Order logs: orders and returns of another program, imported from a file."""
