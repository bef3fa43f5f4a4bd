"""Questions of departments to the desk, and work that they have put on hold."""
