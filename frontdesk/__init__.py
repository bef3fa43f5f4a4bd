"""The front desk, which meets the customer: orders, payments, complaints and questions."""
