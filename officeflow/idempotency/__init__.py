"""Forms and API calls that are submitted twice and take effect once."""
