"""Notifications of the front desk."""
