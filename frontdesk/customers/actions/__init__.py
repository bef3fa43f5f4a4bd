"""Actions on customers, their contacts and notes."""
