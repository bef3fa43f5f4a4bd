"""The pages of the mailbox and of the wordings."""
