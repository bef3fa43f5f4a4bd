"""The audit page: who did what to which record, when, in sentences, with filters."""
