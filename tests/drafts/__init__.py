"""Drafts: what people have typed and not sent yet."""
