"""Every address of the house, by room, with the roles that get in."""
