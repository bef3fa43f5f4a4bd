"""Reading query parameters."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from officeflow.limits import FIRST_DAY, LAST_DAY

MAX_LENGTH = 200


def query_parameter(request: HttpRequest, name: str) -> str:
    """Returns a parameter with normalised white space, cut to `MAX_LENGTH`."""
    return " ".join(request.GET.get(name, "").split())[:MAX_LENGTH]


def day_parameter(request: HttpRequest, name: str) -> date | None:
    """Returns a day of the query; None for a missing one.

    A day that cannot be read is left out with a message, and the other filters stay.
    """
    typed = query_parameter(request, name)
    if not typed:
        return None
    day = _read(typed)
    if day is None:
        messages.warning(
            request,
            _("“%(typed)s” is not a day and was left out. Enter a day such as 2026-12-31.")
            % {"typed": typed[:40]},
        )
        return None
    return day


def _read(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
