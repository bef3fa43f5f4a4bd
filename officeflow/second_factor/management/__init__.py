"""The commands of the second factor."""
