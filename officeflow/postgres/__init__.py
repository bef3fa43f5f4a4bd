"""Django's PostgreSQL backend, except that a lost server is always called by the same name."""
