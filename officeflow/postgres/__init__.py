"""Django's PostgreSQL backend, in which a lost server is always an `OperationalError`."""
