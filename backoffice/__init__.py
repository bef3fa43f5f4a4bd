"""Area two: the back office never meets the customer. A plain package of departments."""
