"""The commands of hand-offs."""
