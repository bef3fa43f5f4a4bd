"""Adding and changing payment methods."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from frontdesk.payments.models.methods import MethodKind, PaymentMethod
from officeflow.audit.actions import record
from officeflow.errors import Refused, StaleRecord
from officeflow.staff.models import User

CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")


@transaction.atomic
def add_method(
    *, actor: User, code: str, label: str, kind: MethodKind, position: int = 100
) -> PaymentMethod:
    """Adds a payment method, whose code and kind never change.

    Raises `Refused` for a code that exists or is not valid.
    """
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise Refused(
            _("Use up to 20 lower-case letters, digits and hyphens, such as gift-card."), "code"
        )
    try:
        with transaction.atomic():
            method = PaymentMethod.objects.create(
                code=code, label=label.strip(), kind=MethodKind(kind), position=position
            )
    except IntegrityError:
        raise Refused(
            _("Another payment method has this code. Choose another code."), "code"
        ) from None
    _record_change(
        actor, "add_payment_method", method, {"label": (None, method.label), "kind": (None, kind)}
    )
    return method


@transaction.atomic
def change_method(
    *,
    actor: User,
    method: PaymentMethod,
    version: int,
    label: str,
    position: int,
    is_active: bool,
) -> PaymentMethod:
    """Changes a method's name, position and whether it is active.

    Earlier payments keep the earlier name. Raises `Refused` when no active method would be left,
    `StaleRecord` when `version` is no longer current.
    """
    now = PaymentMethod.objects.select_for_update().get(pk=method.pk)
    if now.version != version:
        raise StaleRecord(now)
    others = PaymentMethod.objects.active().exclude(pk=now.pk)
    # The others are locked too: two people at once could deactivate the last two methods.
    if not is_active and not list(others.select_for_update().order_by("pk")):
        raise Refused(_("This is the last payment method. Add another one first."), "is_active")
    wanted: dict[str, Any] = {
        "label": label.strip(),
        "position": position,
        "is_active": is_active,
    }
    changes = {
        field: (getattr(now, field), value)
        for field, value in wanted.items()
        if getattr(now, field) != value
    }
    if changes:
        PaymentMethod.objects.filter(pk=now.pk).update(version=F("version") + 1, **wanted)
        _record_change(actor, "change_payment_method", now, changes)
    return PaymentMethod.objects.get(pk=now.pk)


def _record_change(
    actor: User, action: str, method: PaymentMethod, changes: dict[str, tuple[Any, Any]]
) -> None:
    record(
        actor=actor,
        action=action,
        subject_kind="payment_method",
        subject=method.code,
        changes=changes,
    )
