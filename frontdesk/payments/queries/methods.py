"""The ways to pay that this office takes."""

from __future__ import annotations

from django.db.models import QuerySet

from frontdesk.payments.models.methods import PaymentMethod


def payment_methods() -> QuerySet[PaymentMethod]:
    """All of them, in the order in which forms show them."""
    return PaymentMethod.objects.all()


def offered_methods() -> QuerySet[PaymentMethod]:
    """Those that are taken today, in their order."""
    return PaymentMethod.objects.active()
