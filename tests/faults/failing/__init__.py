"""Makes orders fail in fulfilment, in the way that their note names."""
