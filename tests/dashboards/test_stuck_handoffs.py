"""Stuck hand-offs are reported once to everybody who may replay them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as office_settings
from django.db.models import F
from django.test import Client
from django.urls import reverse

from backoffice.tickets.models import Notification
from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from officeflow.handoff import actions
from officeflow.handoff.applying import draining
from officeflow.handoff.maintenance.stuck import REPORT_EVERY_SECONDS, report_stuck
from officeflow.handoff.models import Handoff, HandoffState, StuckReport
from officeflow.mail.models import Message
from officeflow.staff.models import User
from tests.consumers import refusing_consumer

pytestmark = pytest.mark.django_db

As = Callable[[User], Client]
Place = Callable[[], Order]
Kill = Callable[[str, str], Handoff]
LONG = timedelta(seconds=office_settings.HANDOFF_STUCK_SECONDS + 60)


def make_older(**which: object) -> None:
    """Lets hand-offs be posted long ago."""
    Handoff.objects.filter(**which).update(posted_at=F("posted_at") - LONG)


def next_report() -> int:
    """Reports as if the last report was long ago."""
    StuckReport.objects.update(
        reported_at=F("reported_at") - timedelta(seconds=REPORT_EVERY_SECONDS + 1)
    )
    return report_stuck()


def test_a_dead_handoff_is_reported_once(
    order: Place, killed: Kill, maya: User, ada: User, femi: User
) -> None:
    assert report_stuck() == 0
    order()
    dead = killed("OrderPlaced", "accounting")
    assert report_stuck() == 1
    assert next_report() == 0
    found = Notification.objects.all()
    assert {each.person for each in found} == {maya, ada}
    assert {(each.kind, each.handoff, each.count) for each in found} == {("stuck", dead, 1)}
    with refusing_consumer("accounting", "OrderPlaced", "{subject} cannot be filed"):
        actions.replay(actor=maya, handoff=dead, reason="The books are open again.")
        draining.drain()
    dead.refresh_from_db()
    assert dead.state == HandoffState.DEAD
    assert next_report() == 0


def test_a_handoff_that_waits_long_is_reported(order: Place, maya: User) -> None:
    order()
    assert report_stuck() == 0
    make_older(destination="hr")
    assert report_stuck() == 1
    assert next_report() == 0


def test_of_a_stream_only_the_head_is_reported(
    order: Place, killed: Kill, maya: User, rita: User
) -> None:
    from frontdesk.orders.actions.cancel import cancel_order

    placed = order()
    dead = killed("OrderPlaced", "accounting")
    cancel_order(actor=rita, order=placed, reason="Changed her mind.")
    make_older(subject=placed.number, destination="accounting")
    assert next_report() == 1
    assert StuckReport.objects.get().handoff == dead
    actions.discard(actor=maya, handoff=dead, reason="Booked by hand.")
    # The cancellation is the head now, and has not waited long as such.
    assert next_report() == 0


def test_what_breaks_together_is_told_together(order: Place, killed: Kill, maya: User) -> None:
    order()
    killed("OrderPlaced", "accounting")
    assert report_stuck() == 1
    order()
    killed("OrderPlaced", "fulfilment")
    order()
    killed("OrderPlaced", "hr")
    assert report_stuck() == 0
    assert next_report() == 2
    assert [each.count for each in Notification.objects.order_by("pk")] == [1, 2]


def test_the_menu_and_the_list_show_it(
    order: Place, killed: Kill, as_: As, maya: User, ada: User
) -> None:
    order()
    dead = killed("OrderPlaced", "accounting")
    report_stuck()
    for person in (maya, ada):
        browser = as_(person)
        text = browser.get(reverse("notifications:list")).content.decode()
        assert "A hand-off is stuck" in text
        assert reverse("dashboards:handoff", args=[dead.pk]) in text
        menu = browser.get(f"{reverse('notifications:menu')}?since=tickets-0")
        assert "A hand-off is stuck" in menu["HX-Trigger"]
        browser.post(reverse("notifications:read"))
        assert not Notification.objects.filter(person=person, read_at=None).exists()


def test_somebody_who_may_no_longer_see_dashboards_does_not_see_it(
    order: Place, killed: Kill, maya: User
) -> None:
    order()
    killed("OrderPlaced", "accounting")
    report_stuck()
    maya.grants.update(role="fulfilment")
    seen = Notification.objects.visible_to(User.objects.get(pk=maya.pk))
    assert not seen.exists()


def test_with_a_mail_server_each_is_mailed_once(
    order: Place,
    killed: Kill,
    maya: User,
    conduct: Complaint,
    settings: object,
) -> None:
    settings.MAIL_MODE = "smtp"  # type: ignore[attr-defined]
    placed = order()
    killed("OrderPlaced", "accounting")
    make_older(destination="mail")
    StuckReport.objects.all().delete()
    Handoff.objects.filter(subject=conduct.number).update(
        state=HandoffState.DEAD, delivered_at=None
    )
    report_stuck()
    [message] = Message.objects.filter(event="handoffs_stuck")
    assert message.to_address == maya.email
    assert f"{placed.number} to Accounting: dead" in message.body
    assert "A hand-off to HR: dead" in message.body
    assert conduct.number not in message.body
    assert reverse("dashboards:handoffs") in message.body
    next_report()
    assert Message.objects.filter(event="handoffs_stuck").count() == 1


def test_without_a_mail_server_nothing_is_mailed(order: Place, killed: Kill, maya: User) -> None:
    order()
    killed("OrderPlaced", "accounting")
    assert report_stuck() == 1
    assert not Message.objects.filter(event="handoffs_stuck").exists()
