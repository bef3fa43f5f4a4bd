"""The complaint pages."""
