"""HTML in one form, however the templates are laid out."""

import re


def compact(html: str) -> str:
    """The HTML without white space at the beginning and the end of its elements."""
    return re.sub(r"\s*(<[^<>]*>)\s*", r"\1", html)
