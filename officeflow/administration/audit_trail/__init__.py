"""The audit trail's page: every entry as a sentence, with filters and export."""
