"""The work queue that every department uses."""
