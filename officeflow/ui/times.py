"""Formatting of times and durations, in the office's time zone and the reader's language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def full(at: datetime) -> str:
    """Returns the full date and time."""
    return _full(timezone.localtime(at).replace(microsecond=0, tzinfo=None), get_language())


# Django reads the pattern of a format anew for each date, and a list has the same times again and
# again. Formats of whole dates and times depend on nothing but these arguments.
@lru_cache(maxsize=5000)
def _full(local: datetime, language: str | None) -> str:
    return formats.date_format(local, "DATETIME_FORMAT")


@lru_cache(maxsize=1000)
def _day(day: date, pattern: str, language: str | None) -> str:
    return formats.date_format(day, pattern)


@lru_cache(maxsize=5000)
def _time_of_day(local: time, language: str | None) -> str:
    return formats.time_format(local, "TIME_FORMAT")


def short(at: datetime, now: datetime | None = None) -> str:
    """Returns the time of day if it is today, else the short date and the time."""
    local = timezone.localtime(at)
    if local.date() == timezone.localtime(now or timezone.now()).date():
        return _time_of_day(local.time().replace(microsecond=0), get_language())
    return dated(at)


def dated(at: datetime) -> str:
    """Returns the short date and the time, also of today."""
    local = timezone.localtime(at)
    language = get_language()
    day = _day(local.date(), "SHORT_DATE_FORMAT", language)
    return f"{day} {_time_of_day(local.time().replace(microsecond=0), language)}"


def in_words(at: datetime, now: datetime | None = None) -> str:
    """Returns the relative time, such as ``5 min ago`` or ``in 2 h``, or a date beyond a week."""
    now = now or timezone.now()
    seconds = (now - at).total_seconds()
    past, distance = seconds >= 0, abs(seconds)
    if distance < 45:
        return _("just now") if past else _("in a moment")
    if distance >= 7 * DAY:
        return _day(timezone.localtime(at).date(), "DATE_FORMAT", get_language())
    text = _rough(distance)
    if past:
        return _("%(duration)s ago") % {"duration": text}
    return _("in %(duration)s") % {"duration": text}


def waited(at: datetime, now: datetime | None = None) -> str:
    """Returns how long something has waited, such as ``waiting 3 days``."""
    seconds = ((now or timezone.now()) - at).total_seconds()
    return _("waiting %(duration)s") % {"duration": _rough(max(seconds, 0))}


def _rough(seconds: float) -> str:
    """Returns a duration in its largest unit, at least a minute."""
    if seconds < HOUR:
        minutes = max(1, int(seconds // MINUTE))
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    if seconds < DAY:
        hours = int(seconds // HOUR)
        return ngettext("%(count)d h", "%(count)d h", hours) % {"count": hours}
    days = int(seconds // DAY)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def element(at: datetime, text: str) -> SafeString:
    """Returns a ``<time>`` element with ``text``, and the full time as its title."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), full(at), text
    )


def opening_time(seconds: Decimal | float | int) -> str:
    """Returns a duration in which the office was open; none of it is "while closed".

    So what happened at night, before the office opened, does not read as if it took no time.
    """
    return duration(seconds) if seconds else _("while closed")


def duration(seconds: Decimal | float | int | timedelta) -> str:
    """Returns a duration, given in seconds, in its two largest units."""
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()
    value = float(seconds)
    if value < 1:
        return _("%(count)d ms") % {"count": round(value * 1000)}
    if round(value, 1) < 10:
        return _("%(count)s s") % {"count": formats.number_format(round(value, 1), 1)}
    whole = round(value)
    days, rest = divmod(whole, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    parts = [
        (days, _("%(count)d d")),
        (hours, _("%(count)d h")),
        (minutes, _("%(count)d min")),
        (rest, _("%(count)d s")),
    ]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    return " ".join(words % {"count": count} for count, words in parts[:2] if count) or "0"
