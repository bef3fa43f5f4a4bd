"""Management commands of the roll-ups."""
