"""The people of the office: accounts, roles, invitations, sign-in and presence."""
