"""Photos and PDF files attached to orders, complaints, tickets and customers."""
