"""Reports of departments about complaints, and confirming and reopening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from frontdesk.complaints.actions.complaints import (
    confirm_complaint,
    raise_complaint,
    reopen_complaint,
)
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.models import Customer
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from tests.frontdesk.conftest import report

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def complaint(rita: User, nora: Customer) -> Complaint:
    return raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.GOODS,
        description="The mug is chipped",
    )


def resolve(complaint: Complaint) -> None:
    report(
        contracts.ComplaintResolved(
            complaint_number=complaint.number,
            outcome="upheld",
            message="A new mug is on its way.",
            resolved_at=AT,
            resolved_by_name="Femi Fulfilment",
        ),
        complaint.number,
    )


def test_a_complaint_goes_from_logged_to_confirmed(rita: User, complaint: Complaint) -> None:
    report(
        contracts.ComplaintTaken(complaint_number=complaint.number, taken_at=AT), complaint.number
    )
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.IN_HAND
    resolve(complaint)
    confirm_complaint(actor=rita, complaint=complaint)
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.CONFIRMED
    assert complaint.message == "A new mug is on its way."
    assert complaint.periods.filter(ended_at__isnull=True).count() == 1


def test_an_unanswered_complaint_cannot_be_confirmed(rita: User, complaint: Complaint) -> None:
    with pytest.raises(Conflict):
        confirm_complaint(actor=rita, complaint=complaint)


def test_a_reopened_complaint_goes_back_to_its_department(rita: User, complaint: Complaint) -> None:
    resolve(complaint)
    with pytest.raises(Refused):
        reopen_complaint(actor=rita, complaint=complaint, reason="")
    reopen_complaint(actor=rita, complaint=complaint, reason="The new one is chipped too")
    sent = Handoff.objects.get(contract="ComplaintReopened")
    assert (sent.destination, sent.sequence) == ("fulfilment", 2)
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.REOPENED


def test_a_reopened_sealed_complaint_stays_sealed(
    rita: User, nora: Customer, drain: Callable[[], int]
) -> None:
    sealed = raise_complaint(
        actor=rita, customer=nora, category=ComplaintCategory.CONDUCT, description="He shouted"
    )
    resolve(sealed)
    reopen_complaint(actor=rita, complaint=sealed, reason="He shouted again")
    sent = Handoff.objects.get(contract="ComplaintReopened")
    assert sent.is_sealed
    drain()
    sent.refresh_from_db()
    assert sent.payload == {}
