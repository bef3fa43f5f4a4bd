"""Products and services, their categories, prices and tax rates."""
