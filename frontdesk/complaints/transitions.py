"""Moving a complaint to another state, with its period and its audit entry."""

from __future__ import annotations

from datetime import datetime

from frontdesk.complaints.models import Complaint, ComplaintPeriod
from frontdesk.complaints.states import COMPLAINT_MOVES, ComplaintState
from frontdesk.complaints.visibility import realm_of
from officeflow.audit.actions import record
from officeflow.staff.models import User


def move_complaint(
    complaint: Complaint,
    new: ComplaintState,
    *,
    actor: User | None,
    at: datetime,
    action: str,
    reason: str = "",
) -> None:
    """Moves a locked complaint to another state; the caller then calls `complaint.save()`.

    `reason` is stored with the period, unless the complaint is sealed. Raises `IllegalMove`.
    """
    reason = "" if complaint.is_sealed else reason
    old = ComplaintState(complaint.state)
    COMPLAINT_MOVES.check(old, new)
    complaint.state = new
    complaint.version += 1
    ComplaintPeriod.objects.filter(complaint=complaint, ended_at__isnull=True).update(ended_at=at)
    ComplaintPeriod.objects.create(
        complaint=complaint,
        state=new,
        started_at=at,
        actor=actor,
        reason=reason,
    )
    record(
        actor=actor,
        action=action,
        subject_kind="complaint",
        subject=complaint.number,
        changes={"state": (old, new)},
        personal=["reason"] if reason else [],
        realm=realm_of(complaint),
        at=at,
    )
