"""The second factor of a sign-in: a code of an app on the person's phone, or a recovery code."""
