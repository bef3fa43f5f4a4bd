"""The office: its settings, sites, opening hours and closures."""
