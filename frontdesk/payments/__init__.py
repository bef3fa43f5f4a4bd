"""Payments, refunds and tills: money over the counter."""
