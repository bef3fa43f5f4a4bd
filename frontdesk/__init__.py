"""Area one: the front desk meets the customer."""
