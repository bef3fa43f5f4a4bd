"""Every URL, by area, with the roles that may open it."""
