"""Accounting: issues invoices and credit notes, and keeps the books."""
