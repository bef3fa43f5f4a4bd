"""The office's payment methods."""

from __future__ import annotations

from django.db.models import QuerySet

from frontdesk.payments.models.methods import PaymentMethod


def payment_methods() -> QuerySet[PaymentMethod]:
    """Returns all payment methods in their order."""
    return PaymentMethod.objects.all()


def offered_methods() -> QuerySet[PaymentMethod]:
    """Returns the active payment methods in their order."""
    return PaymentMethod.objects.active()
