"""Undo: what a person has just done, and the address that takes it back, for some seconds.

It is kept in the session, so that it survives a reload and works without scripts. The action at the
address decides whether it can still be taken back; this only offers it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils import timezone

KEY = "undo"


@dataclass(frozen=True, kw_only=True)
class Undo:
    """What can be undone. `url` takes a POST with the `values`, each named `name`."""

    text: str
    url: str
    seconds_left: int
    name: str = ""
    values: list[str] = field(default_factory=list)


def offer_undo(
    request: HttpRequest,
    *,
    text: str,
    url: str,
    seconds: int,
    name: str = "",
    values: Sequence[str] = (),
) -> None:
    """Offers Undo on the person's pages for some seconds, in place of what was offered before."""
    request.session[KEY] = {
        "text": str(text),
        "url": url,
        "until": timezone.now().timestamp() + seconds,
        "name": name,
        "values": list(values),
    }


def current_undo(request: HttpRequest) -> Undo | None:
    """Returns what the person can undo, or None when the time is over."""
    session = getattr(request, "session", None)
    kept = session.get(KEY) if session is not None else None
    if kept is None:
        return None
    left = kept["until"] - timezone.now().timestamp()
    if left <= 0:
        return None
    return Undo(
        text=kept["text"],
        url=kept["url"],
        seconds_left=max(round(left), 1),
        name=kept["name"],
        values=kept["values"],
    )


def end_undo(request: HttpRequest) -> None:
    """Offers no Undo any more, because it was used or something else was done with the record."""
    request.session.pop(KEY, None)
