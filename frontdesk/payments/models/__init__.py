"""The tables of payments, refunds, their receipts, and till counts."""
