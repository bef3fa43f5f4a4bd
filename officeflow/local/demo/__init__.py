"""The demo company: a small shop with some weeks of history, created by the ordinary actions."""
