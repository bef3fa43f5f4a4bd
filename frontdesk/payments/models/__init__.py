"""The models of payments, refunds, receipts, payment methods and till counts."""
