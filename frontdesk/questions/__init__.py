"""What departments ask the desk about an order or a complaint, and what they hold."""
