"""Complaints of customers, with their states and routes to departments."""
