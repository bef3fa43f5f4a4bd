"""The department that invoices and keeps the books."""
