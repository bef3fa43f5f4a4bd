"""The office one version later: what it says of an order has a field more."""
