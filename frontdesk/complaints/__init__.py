"""Complaints: what customers are unhappy about."""
