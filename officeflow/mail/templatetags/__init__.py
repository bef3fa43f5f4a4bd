"""The tag that shows what was sent about something."""
