"""Files read in: one machinery for orders, customers, products and whatever comes."""
