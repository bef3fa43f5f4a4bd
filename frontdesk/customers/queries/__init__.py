"""Every read about customers."""
