"""What happened with an order, a complaint or a customer, gathered from all nouns."""
