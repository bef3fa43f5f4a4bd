"""Messages to customers and colleagues: their wording, their way out, and the mailbox."""
