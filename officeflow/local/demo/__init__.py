"""The demo company: a small shop with ten days behind it, made with the house's own actions."""
