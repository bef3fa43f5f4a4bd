"""Queries for orders and for the products of their lines."""
