"""Customers: who comes to the counter."""
