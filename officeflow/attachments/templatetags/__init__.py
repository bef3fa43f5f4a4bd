"""Template tags for attachments."""
