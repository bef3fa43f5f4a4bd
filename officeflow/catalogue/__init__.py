"""Products, services, prices and tax rates: reference data that both wings read."""
