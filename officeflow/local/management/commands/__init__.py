"""Management commands of the local office."""
