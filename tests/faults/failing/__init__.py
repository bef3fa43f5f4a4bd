"""Orders that fail in fulfilment, in the way that their note says."""
