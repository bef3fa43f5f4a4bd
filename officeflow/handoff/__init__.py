"""Hand-offs between the front desk, the back office and its departments."""
