"""The office on one machine: embedded engines, and one command that runs everything.

Nothing here knows what an order is, and nothing outside of this package knows it exists: the rest
of the product sees ``DATABASE_URL`` and ``REDIS_URL``.
"""
