"""The counter's page and the search page."""

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

from frontdesk.counter.queries import (
    TodaysWork,
    counter_version,
    needs_you,
    todays_work,
)
from frontdesk.counter.rows import rows_of
from officeflow.company.queries import get_office
from officeflow.drafts.queries import unfinished_count
from officeflow.permissions import Permission
from officeflow.staff.access import StaffRequest, requires
from officeflow.staff.models import User
from officeflow.ui.live import entity_tag, refresh
from officeflow.ui.search_page import search_response


def _version() -> str:
    """Returns a version, which changes each minute too, because the page shows waiting times."""
    return entity_tag("counter", *counter_version(timezone.now()))


def _now(user: User) -> dict[str, Any]:
    work = todays_work(get_office())
    needs = needs_you(user)
    return {
        "needs": needs,
        "need_rows": list(rows_of(needs.items)),
        "today": work,
        "imports": _imports(work, user),
    }


def _imports(work: TodaysWork, user: User) -> dict[str, str]:
    """Returns sentences about today's imports of other days, and the address of their report."""
    if not work.imports:
        return {}
    days = " – ".join(date_format(day, "DATE_FORMAT") for day in work.imported_days)
    dated = _("dated %(days)s") % {"days": days} if days else ""
    orders, complaints = work.orders_imported, work.complaints_imported
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
    numbers = [each.number for each in work.imports]
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
    """Shows the search, what waits for the desk, and today's orders and complaints."""
    context = {
        "version": _version(),
        "day": timezone.localdate(),
        "drafts": unfinished_count(request.user),
        **_now(request.user),
    }
    return render(request, "frontdesk/counter/page.html", context)


@require_safe
@requires(Permission.VIEW_DESK)
def counter_live(request: StaffRequest) -> HttpResponse:
    """Returns the counter's lists when something has changed."""
    return refresh(
        request,
        "frontdesk/counter/now.html",
        _version(),
        partial(_now, request.user),
        with_counts=True,
    )


@require_safe
@requires(Permission.VIEW_DESK)
def search_page(request: StaffRequest) -> HttpResponse:
    """Shows the shared search page at an address of the front desk."""
    return search_response(request)
