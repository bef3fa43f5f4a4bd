"""Numbers beside labels, which are counted up to a limit: they cost the same in every office."""

from __future__ import annotations

from django.utils.formats import localize

MOST = 999  # the largest number that is shown
LIMIT = MOST + 1  # the rows that are counted at most


def counted(number: int | None) -> str:
    """Returns a number of rows for display: `999+` for more; empty for None and 0."""
    if not number:
        return ""
    return f"{localize(MOST)}+" if number > MOST else str(localize(number))
