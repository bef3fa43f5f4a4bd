"""The department that gets the goods ready."""
