"""Signals about the office's currency and country, for the apps that store what depends on them."""

from __future__ import annotations

from django.dispatch import Signal

# Receivers return why the currency cannot change, or an empty string.
currency_change_requested = Signal()
# Sent with `old` and `new` codes, in the transaction of the change.
currency_changed = Signal()
# Sent with the new `time_zone`, in the transaction that changes the office's country.
country_changed = Signal()


def reason_to_keep_currency() -> str:
    """Returns why the office's currency cannot change; empty while it can."""
    responses = currency_change_requested.send(sender=None)
    return next((reason for _receiver, reason in responses if reason), "")
