"""The pages of payments, refunds and tills."""
