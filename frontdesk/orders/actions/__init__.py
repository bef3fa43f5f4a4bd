"""Actions on orders: pricing, placing, cancelling, handing over and asking for a rush."""
