"""Signals about the office's currency, for the apps above that keep amounts in it."""

from __future__ import annotations

from django.dispatch import Signal

# Receivers answer why the currency cannot change, or an empty text.
currency_change_requested = Signal()
# Sent with `old` and `new`, in the transaction of the change.
currency_changed = Signal()


def reason_to_keep_currency() -> str:
    """Why the office's currency cannot change any more; empty while it can."""
    answers = currency_change_requested.send(sender=None)
    return next((reason for _receiver, reason in answers if reason), "")
