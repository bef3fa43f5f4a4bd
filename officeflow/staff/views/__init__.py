"""The pages of sign-in, own settings, people and invitations."""
