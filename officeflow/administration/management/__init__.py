"""Commands of the house: opening an office on a server."""
