"""Orders of customers, with their lines and states."""
