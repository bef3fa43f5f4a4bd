"""Keeps a site in use while cash of its drawer has not been counted."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from frontdesk.payments.queries.takings import uncounted_drawer
from officeflow.company.models import Site
from officeflow.company.queries import get_office
from officeflow.company.signals import site_deactivation_requested
from officeflow.money import format_money


@receiver(site_deactivation_requested, dispatch_uid="payments.refuse_uncounted_site")
def refuse_uncounted_site(*, site: Site, **signal: Any) -> str:
    """Returns why the site must stay in use, or "" when its drawer is counted."""
    office = get_office()
    found = uncounted_drawer(office, site)
    if found is None:
        return ""
    day, expected = found
    return _(
        "Count the till of %(site)s first: %(amount)s in cash on %(day)s has not been counted."
    ) % {
        "site": site.name,
        "amount": format_money(expected, office.currency),
        "day": date_format(day),
    }
