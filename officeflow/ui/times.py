"""Times as people say them, in the office's own zone and the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def full(at: datetime) -> str:
    """The date and time in full, for a title."""
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def short(at: datetime, now: datetime | None = None) -> str:
    """The clock time on the day itself; the short date with it on every other day."""
    return _short(at, now or timezone.now())


def short_after(at: datetime, before: datetime | None, now: datetime | None = None) -> str:
    """As ``short``, but after something else: the date stands there when the day is another one.

    Also today's, which would otherwise read as the day that was told just before it.
    """
    return _short(at, before or now or timezone.now())


def _short(at: datetime, day: datetime) -> str:
    """The clock time, with the short date in front unless it is of the same day as ``day``."""
    local = timezone.localtime(at)
    clock = formats.time_format(local.time(), "TIME_FORMAT")
    if local.date() == timezone.localtime(day).date():
        return clock
    return f"{formats.date_format(local.date(), 'SHORT_DATE_FORMAT')} {clock}"


def in_words(at: datetime, now: datetime | None = None) -> str:
    """How long ago, or in how long: ``just now``, ``5 min ago``, ``in 2 h``; later the date."""
    now = now or timezone.now()
    seconds = (now - at).total_seconds()
    past, distance = seconds >= 0, abs(seconds)
    if distance < 45:
        return _("just now") if past else _("in a moment")
    if distance < HOUR:
        minutes = max(1, int(distance // MINUTE))
        words = ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    elif distance < DAY:
        hours = int(distance // HOUR)
        words = ngettext("%(count)d h", "%(count)d h", hours) % {"count": hours}
    elif distance < 7 * DAY:
        days = int(distance // DAY)
        words = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    else:
        return formats.date_format(timezone.localtime(at).date(), "DATE_FORMAT")
    if past:
        return _("%(duration)s ago") % {"duration": words}
    return _("in %(duration)s") % {"duration": words}


def element(at: datetime, text: str) -> SafeString:
    """``text`` inside a ``<time>`` with the machine's time and the full time as its title."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), full(at), text
    )


def duration(seconds: Decimal | float | int | timedelta) -> str:
    """A duration in the two largest units that matter."""
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
