"""What is measured: `make bench`, or each by itself."""
