"""Actions on complaints and complaint routes."""
