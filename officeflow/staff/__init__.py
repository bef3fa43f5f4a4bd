"""The people who work here, their roles, and signing in."""
