"""Whatever is submitted twice happens once."""
