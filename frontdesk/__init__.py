"""Wing one: the front desk meets the customer."""
