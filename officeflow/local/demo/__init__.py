"""The demo company: a small shop with ten days behind it, made with OfficeFlow's own actions."""
