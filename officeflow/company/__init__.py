"""The office itself: its name, time zone, currency, language and sites."""
