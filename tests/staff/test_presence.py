"""Who else has the page of a record open."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from officeflow.staff.models import Presence, User
from officeflow.staff.presence import mark_present, others_present

pytestmark = pytest.mark.django_db


def test_others_are_present_until_they_leave(rita: User, ravi: User) -> None:
    mark_present(actor=rita, kind="order", number="SO-000001")
    mark_present(actor=ravi, kind="order", number="SO-000001")
    here = {"kind": "order", "number": "SO-000001"}
    assert others_present(user=rita, **here) == [ravi]
    assert others_present(user=rita, kind="order", number="SO-000002") == []
    with time_machine.travel(timezone.now() + timedelta(seconds=20)):
        assert others_present(user=rita, **here) == []


def test_presence_is_stored_every_few_seconds_and_old_rows_are_deleted(rita: User) -> None:
    now = timezone.now()
    for seconds in (0, 2, 4, 6):
        with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
            mark_present(actor=rita, kind="order", number="SO-000001")
    assert Presence.objects.get().seen_at == now + timedelta(seconds=6)
    with time_machine.travel(now + timedelta(minutes=5)):
        mark_present(actor=rita, kind="order", number="SO-000002")
    assert [each.number for each in Presence.objects.all()] == ["SO-000002"]


def test_presence_needs_permission_for_the_record(
    rita: User, ravi: User, femi: User, client: Client
) -> None:
    assert not Order.objects.exists()
    assert not Complaint.objects.exists()
    client.force_login(rita)
    for kind in ("order", "complaint", "ticket", "nonsense"):
        assert client.get(f"/presence/{kind}/SO-000001/").status_code == 404
    assert not Presence.objects.exists()
