"""The office on one machine: embedded engines, the commands of the Makefile, the demo company.

Nothing outside this package imports it; the rest of the product reads ``DATABASE_URL`` and
``REDIS_URL``.
"""
