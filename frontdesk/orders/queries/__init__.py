"""Every read about orders."""
