"""Every write about money over the counter, one function a verb."""
