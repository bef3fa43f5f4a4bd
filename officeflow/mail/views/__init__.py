"""Pages of the mailbox and of the wordings."""
