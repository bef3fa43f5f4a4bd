"""The back office, a plain package of departments, which never meet the customer."""
