"""Commands that set up an office on a server."""
