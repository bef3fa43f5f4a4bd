"""The payment methods of a new office."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from frontdesk.payments.models.methods import DefaultMethod, MethodKind, PaymentMethod

METHODS = {
    DefaultMethod.CASH: (gettext_noop("Cash"), MethodKind.CASH),
    DefaultMethod.CARD: (gettext_noop("Card"), MethodKind.CARD),
    DefaultMethod.TRANSFER: (gettext_noop("Transfer"), MethodKind.TRANSFER),
}


def ensure_methods() -> None:
    """Creates the missing payment methods; existing rows are not changed."""
    PaymentMethod.objects.bulk_create(
        [
            PaymentMethod(code=code.value, label=label, kind=kind, position=position * 10)
            for position, (code, (label, kind)) in enumerate(METHODS.items(), start=1)
        ],
        ignore_conflicts=True,
    )
