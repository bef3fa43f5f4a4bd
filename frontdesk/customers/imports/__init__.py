"""The import of customers from files."""
