"""The desk's pages: each reads what it shows and makes one domain call."""
