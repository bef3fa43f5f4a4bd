"""Confirming what colleagues did to a person's sign-in."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from officeflow.audit.actions import record
from officeflow.staff.models import User


@transaction.atomic
def confirm_notices(*, actor: User, last: int) -> None:
    """Confirms the actor's notices up to the one with the id `last`, which was shown to them."""
    unseen = actor.notices.filter(seen_at__isnull=True, pk__lte=last)
    if confirmed := unseen.update(seen_at=timezone.now()):
        record(
            actor=actor,
            action="confirm_notices",
            subject_kind="staff",
            subject=actor.username,
            changes={"notices": (confirmed, 0)},
        )
