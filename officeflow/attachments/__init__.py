"""Photos and PDF that hang on an order, a complaint, a ticket or a customer, kept privately."""
