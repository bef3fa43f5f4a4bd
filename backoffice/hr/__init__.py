"""The department that looks after the staff."""
