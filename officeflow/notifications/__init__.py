"""Notifications: one menu and one list for what the two sides tell a person."""
