"""What happened with an order, a complaint or a customer, in words."""
