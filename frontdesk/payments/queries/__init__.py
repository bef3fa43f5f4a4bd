"""Queries for payments, refunds, payment methods and tills."""
