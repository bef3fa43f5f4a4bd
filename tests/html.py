"""HTML in one form, however the templates are laid out."""

import re


def compact(html: str) -> str:
    """Returns the HTML with single spaces, and none at the beginning and end of its elements."""
    return re.sub(r" ?(<[^<>]*>) ?", r"\1", re.sub(r"[ \n]+", " ", html))
