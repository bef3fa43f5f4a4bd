"""The counter: what needs somebody at the desk, its search and its lookups."""
