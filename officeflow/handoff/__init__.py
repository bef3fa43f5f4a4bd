"""The corridor: contracts, outbox, relay and receipts."""
