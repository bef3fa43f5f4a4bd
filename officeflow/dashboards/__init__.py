"""The dashboards: what managers see of the front desk and the back office."""
