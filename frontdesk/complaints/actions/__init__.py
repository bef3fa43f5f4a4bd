"""Every write about complaints, one function a verb."""
