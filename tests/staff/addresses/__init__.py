"""Every address, by area, with the roles that may open it."""
