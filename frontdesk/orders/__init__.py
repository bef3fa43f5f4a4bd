"""Orders: what customers ask for."""
