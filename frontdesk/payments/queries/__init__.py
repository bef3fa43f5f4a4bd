"""Every read about payments, refunds and tills."""
