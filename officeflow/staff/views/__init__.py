"""Pages about people: their sign-in, and who they are."""
