"""What the desk reads in from files: order logs and customers."""
