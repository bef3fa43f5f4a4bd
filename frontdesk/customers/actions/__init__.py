"""Every write about customers, one function a verb."""
