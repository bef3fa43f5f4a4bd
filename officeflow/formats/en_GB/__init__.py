"""English as in the United Kingdom."""
