"""The corridor's commands."""
