"""What every endpoint shares: problems, keyset pages, throttles, doing a thing once."""
