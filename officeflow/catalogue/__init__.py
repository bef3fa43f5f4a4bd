"""Products, services, prices and tax rates: reference data that both sides read."""
