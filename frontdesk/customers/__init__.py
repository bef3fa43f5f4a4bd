"""Customers: people and firms that have a record at the front desk."""
