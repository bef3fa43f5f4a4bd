"""`make faults`: faults in a whole office under load over HTTP, and checks of every effect."""
