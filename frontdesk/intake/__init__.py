"""Files that the desk reads in: order logs, customers."""
