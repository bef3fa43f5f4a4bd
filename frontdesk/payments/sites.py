"""Keeps a site in use while cash of its drawer has not been counted."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.formats import date_format
from django.utils.translation import ngettext

from frontdesk.payments.queries.takings import drawer, uncounted_days
from officeflow.company.models import Site
from officeflow.company.queries import get_office
from officeflow.company.signals import site_deactivation_requested
from officeflow.money import format_money


@receiver(site_deactivation_requested, dispatch_uid="payments.refuse_uncounted_site")
def refuse_uncounted_site(*, site: Site, **signal: Any) -> str:
    """Returns why the site must stay in use, or "" when its drawer is counted."""
    office = get_office()
    days = uncounted_days(office, site)
    if not days:
        return ""
    return ngettext(
        "Count the till of %(site)s first: %(amount)s in cash on %(day)s has not been counted.",
        "Count the till of %(site)s first: cash has not been counted on %(days)s days, first "
        "%(amount)s on %(day)s.",
        len(days),
    ) % {
        "site": site.name,
        "amount": format_money(drawer(office, site, days[0]).expected, office.currency),
        "day": date_format(days[0]),
        "days": len(days),
    }
