"""What the front desk tells a person about their own orders and complaints."""
