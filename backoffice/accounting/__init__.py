"""The department that bills and keeps the books."""
