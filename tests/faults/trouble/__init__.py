"""Orders that make trouble in fulfilment, by what their note says."""
