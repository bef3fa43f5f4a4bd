"""The desk is told about its own orders and complaints, in the menu and the list that agree."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from frontdesk.complaints.models import Complaint
from frontdesk.notifications.models import DeskNotification, DeskNotificationKind
from frontdesk.orders.actions.hand_over import hand_over_order
from frontdesk.orders.actions.rush import ask_for_rush
from frontdesk.orders.models import Order
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.handoff import contracts
from officeflow.handoff.contracts import Contract, ReturnReason
from officeflow.notifications import sources
from officeflow.staff.models import RoleGrant, User
from tests.frontdesk.conftest import signed_in

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
Report = Callable[[Contract, str], None]


def returned(order: Order) -> contracts.TicketReturned:
    return contracts.TicketReturned(
        ticket_number="TK-000001",
        department="fulfilment",
        subject=order.number,
        reason=ReturnReason.OTHER,
        question="Which colour?",
        returned_by_name="Femi Fulfilment",
        returned_at=WHEN,
    )


def unread_in_menu(browser: Client) -> int:
    page = browser.get("/notifications/menu/?since=desk-0").content.decode()
    found = re.search(r"Notifications: (\d+) unread", page)
    return int(found[1]) if found else 0


def unread_in_list(browser: Client) -> int:
    return browser.get("/notifications/").content.decode().count("notifications__item--new")


def test_the_person_who_placed_an_order_is_told_of_a_question_ready_goods_and_a_refund(
    order: Order, rita: User, ravi: User, reports: Report
) -> None:
    reports(returned(order), order.number)
    reports(
        contracts.FulfilmentProgressed(order_number=order.number, state="ready", at=WHEN),
        order.number,
    )
    browser = signed_in(rita)
    page = browser.get("/notifications/").content.decode()
    assert "Femi Fulfilment asks a question" in page
    assert "The goods are ready" in page
    assert "Nora Nordmann" in page
    assert (unread_in_menu(browser), unread_in_list(browser)) == (2, 2)
    assert unread_in_menu(signed_in(ravi)) == 0


@pytest.mark.parametrize(("is_accepted", "word"), [(True, "accepted"), (False, "refused")])
def test_who_placed_an_order_and_who_asked_for_a_rush_are_told_the_answer(
    order: Order,
    rita: User,
    ravi: User,
    reports: Report,
    is_accepted: bool,
    word: str,
) -> None:
    ask_for_rush(actor=ravi, order=order, reason="Her train leaves at four")
    answer = contracts.RushAnswered(
        order_number=order.number,
        is_accepted=is_accepted,
        reason="All hands are packing",
        answered_by_name="Femi Fulfilment",
        answered_at=WHEN,
    )
    reports(answer, order.number)
    for person in (rita, ravi):
        browser = signed_in(person)
        told = browser.get("/notifications/menu/?since=desk-0")["HX-Trigger"]
        assert f"Femi Fulfilment {word} the rush ({order.number})" in told
        assert unread_in_list(browser) == 1


def test_goods_that_are_not_ready_after_all_are_told_and_the_earlier_word_is_taken_back(
    order: Order, desk: Client, reports: Report
) -> None:
    reports(
        contracts.FulfilmentProgressed(order_number=order.number, state="ready", at=WHEN),
        order.number,
    )
    desk.post("/notifications/read/")
    reports(
        contracts.FulfilmentReopened(
            order_number=order.number,
            state="in_progress",
            reopened_at=WHEN,
            reopened_by_name="Femi Fulfilment",
            reason="One mug is chipped",
        ),
        order.number,
    )
    assert unread_in_menu(desk) == 1
    page = desk.get("/notifications/").content.decode()
    assert "The goods are not ready after all. Femi Fulfilment" in page
    assert "The goods were ready, but are no longer" in page
    assert "The goods are ready" not in page


def test_a_complaint_answer_that_was_taken_back_is_told_to_whom_the_answer_was(
    complaint: Complaint, desk: Client, reports: Report
) -> None:
    answer = contracts.ComplaintResolved(
        complaint_number=complaint.number,
        outcome="upheld",
        message="We send another mug.",
        resolved_by_name="Femi Fulfilment",
        resolved_at=WHEN,
    )
    reports(answer, complaint.number)
    withdrawn = contracts.ComplaintAnswerWithdrawn(
        complaint_number=complaint.number,
        withdrawn_at=WHEN,
        withdrawn_by_name="Femi Fulfilment",
    )
    reports(withdrawn, complaint.number)
    assert unread_in_menu(desk) == 1
    page = desk.get("/notifications/").content.decode()
    assert "Do not tell the customer yet" in page
    assert "Tell the customer<" not in page


@pytest.mark.parametrize("is_sealed", [False, True])
def test_the_person_who_logged_a_complaint_is_told_of_its_answer_unless_it_is_sealed(
    complaint: Complaint, sealed: Complaint, rita: User, reports: Report, is_sealed: bool
) -> None:
    about = sealed if is_sealed else complaint
    reports(
        contracts.ComplaintResolved(
            complaint_number=about.number,
            outcome="upheld",
            message="We have spoken with him.",
            resolved_by_name="Hanna HR",
            resolved_at=WHEN,
        ),
        about.number,
    )
    page = signed_in(rita).get("/notifications/").content.decode()
    assert (about.number in page) != is_sealed
    assert "spoken" not in page
    assert DeskNotification.objects.exists() != is_sealed


def test_opening_the_record_marks_its_notifications_as_read(
    order: Order, desk: Client, reports: Report
) -> None:
    reports(returned(order), order.number)
    assert unread_in_menu(desk) == 1
    page = desk.get(f"/desk/orders/{order.number}/").content.decode()
    assert "Notifications: none unread" in page
    assert (unread_in_menu(desk), unread_in_list(desk)) == (0, 0)


def test_what_a_colleague_has_done_is_no_longer_unread(
    order: Order, desk: Client, ravi: User, reports: Report
) -> None:
    reports(returned(order), order.number)
    ready = contracts.FulfilmentProgressed(order_number=order.number, state="ready", at=WHEN)
    reports(ready, order.number)
    answer_question(actor=ravi, question=DeskQuestion.objects.get(), answer="Blue")
    assert unread_in_menu(desk) == 1
    hand_over_order(actor=ravi, order=order)
    assert unread_in_menu(desk) == 0


def test_a_new_notification_is_said_once_as_a_toast(
    order: Order, desk: Client, reports: Report
) -> None:
    assert "HX-Trigger" not in desk.get("/notifications/menu/?since=desk-0")
    reports(returned(order), order.number)
    told = desk.get("/notifications/menu/?since=desk-0")
    assert "Femi Fulfilment asks a question" in told["HX-Trigger"]
    newest = DeskNotification.objects.get().pk
    assert "HX-Trigger" not in desk.get(f"/notifications/menu/?since=desk-{newest}")


def test_a_person_who_left_the_desk_has_no_notifications_of_it(
    order: Order, rita: User, reports: Report
) -> None:
    reports(returned(order), order.number)
    browser = signed_in(rita)
    RoleGrant.objects.filter(user=rita).update(
        valid_from=timezone.now() - timedelta(days=2),
        valid_until=timezone.now() - timedelta(days=1),
    )
    assert unread_in_list(browser) == 0
    browser.post("/notifications/read/")
    assert DeskNotification.objects.unread().count() == 1


def test_all_are_marked_as_read_at_once(order: Order, desk: Client, reports: Report) -> None:
    reports(returned(order), order.number)
    desk.post("/notifications/read/")
    assert unread_in_menu(desk) == 0


@pytest.mark.parametrize("same_time", [True, False])
def test_the_pages_of_the_list_have_each_notification_once(
    rita: User, monkeypatch: pytest.MonkeyPatch, same_time: bool
) -> None:
    monkeypatch.setattr(sources, "PAGE", 3)
    for number in range(8):
        DeskNotification.objects.create(
            person=rita,
            kind=DeskNotificationKind.READY,
            subject=f"SO-{number:06d}",
            at=WHEN if same_time else WHEN - timedelta(minutes=number),
        )
    seen, place = [], ""
    while True:
        rows, place = sources.rows_after(rita, place)
        seen += [row.number for row in rows]
        if not place:
            break
    assert sorted(seen) == [f"SO-{number:06d}" for number in range(8)]
    assert len(seen) == 8


@pytest.mark.parametrize("place", ["x", "~~", "2026-03-02~desk~1", f"{WHEN.isoformat()}~desk~-1"])
def test_a_malformed_place_is_the_beginning(desk: Client, place: str) -> None:
    assert desk.get("/notifications/", {"after": place}).status_code == 200
