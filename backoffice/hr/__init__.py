"""HR: sealed conduct cases, commissions and their rates."""
