"""Messages to customers and colleagues: wording, delivery and the mailbox."""
