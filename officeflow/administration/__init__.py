"""The pages of the office's settings, setting up an empty office, and the audit trail's page."""
