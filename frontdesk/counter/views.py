"""The counter and its search."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from frontdesk.counter.queries import Today, counter_version, needs_you, today, today_bounds
from officeflow.company.queries import get_office
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.search_page import search_response


def _version() -> str:
    start, _end = today_bounds(get_office())
    return entity_tag("counter", *counter_version(start))


def _now(user: User) -> dict[str, Any]:
    shown = today(get_office())
    return {"needs": needs_you(), "today": shown, "imports": _imports(shown, user)}


def _imports(shown: Today, user: User) -> dict[str, str]:
    """What files of other days brought today, in words, and where the reports are."""
    if not shown.imports:
        return {}
    days = " – ".join(date_format(day, "DATE_FORMAT") for day in shown.imported_days)
    dated = _("dated %(days)s") % {"days": days} if days else ""
    orders, complaints = shown.orders_imported, shown.complaints_imported
    words = {
        "orders": ngettext(
            "%(count)d order was imported today", "%(count)d orders were imported today", orders
        )
        % {"count": orders},
        "complaints": ngettext(
            "%(count)d complaint was imported today",
            "%(count)d complaints were imported today",
            complaints,
        )
        % {"count": complaints},
    }
    numbers = [each.number for each in shown.imports]
    report = (
        reverse("imports:file", args=numbers) if len(numbers) == 1 else reverse("imports:files")
    )
    return {
        "orders": ", ".join(filter(None, [words["orders"], dated])) if orders else "",
        "complaints": ", ".join(filter(None, [words["complaints"], dated])) if complaints else "",
        "url": report if user.may(Permission.IMPORT_ORDERS) else "",
    }


@require_safe
@requires(Permission.VIEW_DESK)
def counter(request: StaffRequest) -> HttpResponse:
    """Where a receptionist spends the day: search, what needs somebody, what happened today."""
    context = {"version": _version(), "day": timezone.localdate(), **_now(request.user)}
    return render(request, "frontdesk/counter/page.html", context)


@require_safe
@requires(Permission.VIEW_DESK)
def counter_live(request: StaffRequest) -> HttpResponse:
    """The counter's lists again, when something has changed."""
    return refresh(request, "frontdesk/counter/now.html", _version(), partial(_now, request.user))


@require_safe
@requires(Permission.VIEW_DESK)
def search_page(request: StaffRequest) -> HttpResponse:
    """The search page, at an address of the front desk."""
    return search_response(request)
