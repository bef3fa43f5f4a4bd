"""Reading query parameters.

A filter that cannot be read is left out: the page says so, and an export makes no file
(`export.respond`), because it would have more rows than were asked for.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from officeflow.limits import FIRST_DAY, LAST_DAY

MAX_LENGTH = 200
MOST_SHOWN = 40  # characters of a value that cannot be read


def query_parameter(request: HttpRequest, name: str) -> str:
    """Returns a parameter with normalised white space, cut to `MAX_LENGTH`."""
    return " ".join(request.GET.get(name, "").split())[:MAX_LENGTH]


def day_parameter(request: HttpRequest, name: str) -> date | None:
    """Returns a day of the query; None for a missing one, or one that is left out."""
    typed = query_parameter(request, name)
    if not typed:
        return None
    day = _read(typed)
    if day is None:
        leave_out(
            request,
            _("“%(typed)s” is not a day and was left out. Enter a day such as 2026-12-31.")
            % {"typed": typed[:MOST_SHOWN]},
        )
    return day


def period_parameters(request: HttpRequest) -> tuple[date | None, date | None]:
    """Returns the days `from` and `to` of the query; says so when `to` is before `from`."""
    since, until = day_parameter(request, "from"), day_parameter(request, "to")
    if since and until and until < since:
        leave_out(
            request,
            _(
                "The end date is before the start date. Choose an end date on or after the start "
                "date."
            ),
        )
    return since, until


def choice_parameter(request: HttpRequest, name: str, choices: Container[str]) -> str:
    """Returns one of the choices; an empty text for a missing one, or one that is left out."""
    typed = query_parameter(request, name)
    if typed and typed not in choices:
        leave_out_value(request, typed)
        return ""
    return typed


def leave_out_value(request: HttpRequest, typed: str) -> None:
    """Says that a filter has a value that does not exist, and is left out."""
    leave_out(
        request,
        _("There is no “%(typed)s” to filter by, so this filter was left out.")
        % {"typed": typed[:MOST_SHOWN]},
    )


def leave_out(request: HttpRequest, sentence: str) -> None:
    """Shows why a filter was left out, and keeps an export from making a file."""
    messages.warning(request, sentence)
    request.left_out = [*getattr(request, "left_out", []), sentence]  # type: ignore[attr-defined]


def left_out(request: HttpRequest, form: forms.Form | None = None) -> list[str]:
    """Returns why filters were left out, also those of an invalid form of filters."""
    errors = form.errors.values() if form is not None and form.is_bound else ()
    wrong = [str(error) for listed in errors for error in listed]
    return [*getattr(request, "left_out", []), *wrong]


def _read(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
