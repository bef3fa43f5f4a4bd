"""The API's shared parts: problems, pagination, filters, throttles, idempotency."""
