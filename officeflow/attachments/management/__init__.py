"""Commands about attachments."""
