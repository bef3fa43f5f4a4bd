"""The front desk's management commands."""
