"""Comments on a ticket, and who is notified."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from backoffice.tickets.actions import (
    CommentMissing,
    comment_ticket,
    mark_notifications_read,
    take_ticket,
)
from backoffice.tickets.actions.comments import people_named
from backoffice.tickets.models import Notification, Ticket, TicketComment
from backoffice.tickets.queries import notifications_of
from frontdesk.complaints.models import ComplaintCategory
from officeflow.audit.models import AuditEntry
from officeflow.staff.models import RoleGrant, User

pytestmark = pytest.mark.django_db


def test_mentioned_people_who_may_see_the_ticket_and_its_assignee_are_notified(
    ticket: Ticket, femi: User, fay: User, wanda: User, amir: User
) -> None:
    take_ticket(actor=femi, ticket=ticket)
    comment_ticket(
        actor=fay, ticket=ticket, text="@wanda, @amir and @fay: where is it? mail@femi.example"
    )
    notified = {
        (notification.person.username, notification.kind)
        for notification in Notification.objects.all()
    }
    # Amir sees no fulfilment; Fay said it herself; an address names nobody.
    assert notified == {("wanda", "mentioned"), ("femi", "commented")}
    assert Ticket.objects.get().comment_count == 1


def test_a_mention_of_an_old_name_means_the_exact_one_alone(
    ticket: Ticket, femi: User, fay: User, wanda: User
) -> None:
    User.objects.filter(pk=femi.pk).update(username="Wanda", username_key=None)
    assert people_named("@wanda look", ticket) == [wanda]
    assert [each.pk for each in people_named("@Wanda look", ticket)] == [femi.pk]


def test_a_comment_needs_text_and_cannot_be_changed(ticket: Ticket, femi: User) -> None:
    with pytest.raises(CommentMissing):
        comment_ticket(actor=femi, ticket=ticket, text="  ")
    comment = comment_ticket(actor=femi, ticket=ticket, text="Top shelf.")
    with pytest.raises(DatabaseError), transaction.atomic():
        TicketComment.objects.filter(pk=comment.pk).update(text="Bottom shelf.")
    assert AuditEntry.objects.get(action="comment_ticket").changes == {"text": None}


def test_opening_a_ticket_marks_its_notifications_as_read(
    ticket: Ticket, femi: User, fay: User, client: Client
) -> None:
    comment_ticket(actor=fay, ticket=ticket, text="@femi look")
    client.force_login(femi)
    page = client.get("/notifications/")
    assert "Fay Fulfilment mentioned you" in page.text
    assert "Notifications: 1 unread" in page.text
    assert (
        'class="mention">@femi</span> look' in client.get(f"/office/tickets/{ticket.number}/").text
    )
    assert "Notifications: none unread" in client.get("/notifications/").text
    assert mark_notifications_read(actor=femi) == 0


def test_a_new_notification_appears_as_a_toast(
    ticket: Ticket, femi: User, fay: User, client: Client
) -> None:
    client.force_login(femi)
    first = client.get("/notifications/menu/?since=tickets-0")
    assert (
        client.get(
            "/notifications/menu/?since=tickets-0", headers={"If-None-Match": first["ETag"]}
        ).status_code
        == 304
    )
    comment_ticket(actor=fay, ticket=ticket, text="@femi look")
    now = client.get(
        "/notifications/menu/?since=tickets-0", headers={"If-None-Match": first["ETag"]}
    )
    assert "Fay Fulfilment mentioned you" in now["HX-Trigger"]


def test_a_comment_sent_twice_is_added_once(ticket: Ticket, femi: User, client: Client) -> None:
    client.force_login(femi)
    address = f"/office/tickets/{ticket.number}/comment/"
    for _ in range(2):
        assert client.post(address, {"idempotency_key": "k", "text": "Hi"}).status_code == 302
    assert TicketComment.objects.count() == 1
    refused = client.post(address, {"idempotency_key": "k2", "text": " "})
    assert refused.status_code == 422
    assert "Enter a comment." in refused.text


def test_comments_on_a_case_are_hrs_alone(
    complain: Callable[..., Ticket], hanna: User, maya: User, client: Client
) -> None:
    case = complain(ComplaintCategory.CONDUCT)
    comment_ticket(actor=hanna, ticket=case, text="Serious, @maya @hanna.")
    assert not Notification.objects.filter(person=maya).exists()
    assert set(
        AuditEntry.objects.filter(action="comment_ticket").values_list("realm", flat=True)
    ) == {"hr"}
    client.force_login(maya)
    for path in ("", "people/", "next/", "live/"):
        assert client.get(f"/office/tickets/{case.number}/{path}").status_code == 404
    assert client.get(f"/presence/ticket/{case.number}/").status_code == 404


def test_the_writer_is_told_who_may_not_see_the_case_that_they_are_mentioned_on(
    complain: Callable[..., Ticket], hanna: User, maya: User, client: Client
) -> None:
    case = complain(ComplaintCategory.CONDUCT)
    client.force_login(hanna)
    sent = {"idempotency_key": "k", "text": "@maya and @hanna, look. @nobody, mail@maya.example"}
    page = client.post(f"/office/tickets/{case.number}/comment/", sent, follow=True)
    told = [str(message) for message in page.context["messages"]]
    assert told == [f"{maya} may not see this ticket and was not told of your comment."]
    suggested = client.get(f"/office/tickets/{case.number}/people/?q=m").json()["results"]
    assert "maya" not in [each["id"] for each in suggested]


def test_notifications_of_a_case_disappear_with_the_role(
    complain: Callable[..., Ticket], hanna: User, ravi: User
) -> None:
    RoleGrant.objects.filter(user=ravi).update(role="hr")
    case = complain(ComplaintCategory.CONDUCT)
    comment_ticket(actor=hanna, ticket=case, text="@ravi please")
    assert notifications_of(User.objects.get(pk=ravi.pk)).count() == 1
    RoleGrant.objects.filter(user=ravi).update(role="manager")
    assert notifications_of(User.objects.get(pk=ravi.pk)).count() == 0


def test_only_people_who_may_see_the_ticket_can_be_mentioned(
    ticket: Ticket, femi: User, fay: User, wanda: User, amir: User, client: Client
) -> None:
    client.force_login(femi)
    address = f"/office/tickets/{ticket.number}/people/"
    names = {row["id"] for row in client.get(address).json()["results"]}
    assert names == {"fay", "wanda"}
    assert [row["id"] for row in client.get(address, {"q": "WAR"}).json()["results"]] == ["wanda"]
