"""Actions on payments, refunds, payment methods and tills."""
