"""The figures of the queues for the dashboards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from backoffice.tickets.actions import return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.reports import (
    complaint_ticket_counts,
    department_statistics,
    order_ticket_counts,
)
from officeflow.company.queries import get_office
from officeflow.permissions import Department
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db


def test_figures_count_each_department(
    ordered: Callable[..., Ticket], femi: User, django_assert_num_queries: Callable
) -> None:
    first, taken, returned = (ordered() for _ in range(3))
    for ticket in (taken, returned):
        take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=returned, reason="other", question="Which?")
    office = get_office()
    with django_assert_num_queries(3):  # two roll-ups, and the oldest of each department
        figures = department_statistics(office, timezone.now() + timedelta(hours=25))
    ours = figures[Department.FULFILMENT]
    assert (ours.waiting, ours.in_work, ours.returned, ours.overdue) == (1, 1, 1, 3)
    assert ours.oldest_waiting_at == first.created_at
    assert figures[Department.ACCOUNTING].waiting == 0
    assert set(figures) == set(Department)


def test_an_order_without_a_ticket_is_not_counted(
    ordered: Callable[..., Ticket],
) -> None:
    kept, lost = ordered(), ordered()
    number = lost.subject
    lost.shipment.lines.all().delete()
    lost.shipment.delete()
    lost.periods.all().delete()
    lost.delete()
    assert order_ticket_counts([kept.subject, number]) == {kept.subject: 1}


def test_a_complaint_has_one_ticket_in_its_department(complaint_ticket: Ticket) -> None:
    number = complaint_ticket.subject
    assert complaint_ticket_counts([number]) == {(number, "management"): 1}
