"""Applying hand-offs: claims, transactions, failures, and the consumer of notifications."""
