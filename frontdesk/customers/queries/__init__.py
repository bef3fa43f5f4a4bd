"""Queries for customers, their contacts and likely duplicates."""
