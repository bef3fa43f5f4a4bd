"""Signals about the office and its sites, for the apps that store what depends on them."""

from __future__ import annotations

from django.dispatch import Signal

from officeflow.company.models import Site

# Receivers return why the currency cannot change, or an empty string.
currency_change_requested = Signal()
# Sent with the `site`. Receivers return why it cannot be deactivated, or an empty string.
site_deactivation_requested = Signal()
# Sent with `old` and `new` codes, in the transaction of the change.
currency_changed = Signal()
# Sent with the new `time_zone`, in the transaction that changes the office's country.
country_changed = Signal()


def reason_to_keep_currency() -> str:
    """Returns why the office's currency cannot change; empty while it can."""
    responses = currency_change_requested.send(sender=None)
    return next((reason for _receiver, reason in responses if reason), "")


def reason_to_keep_site(site: Site) -> str:
    """Returns why a site cannot be deactivated; empty while it can."""
    responses = site_deactivation_requested.send(sender=None, site=site)
    return next((reason for _receiver, reason in responses if reason), "")
