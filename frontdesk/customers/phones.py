"""Renews the comparable forms of phone numbers when the office moves to another country.

A number without a country prefix belongs to the office's country.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from frontdesk.customers.actions.phones import renew_phone_keys
from officeflow.company.signals import country_changed


@receiver(country_changed, dispatch_uid="customers.renew_phone_keys")
def follow_country(*, time_zone: str, **_signal: Any) -> None:
    """Renews every phone key in the transaction of the change."""
    renew_phone_keys(actor=None, time_zone=time_zone)
