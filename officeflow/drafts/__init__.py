"""Drafts: what people have typed into forms and not sent yet."""
