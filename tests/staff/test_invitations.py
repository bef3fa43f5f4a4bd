"""Invitations: making, sending, accepting and withdrawing them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from officeflow.company.models import Office
from officeflow.errors import Refused
from officeflow.permissions import Role
from officeflow.staff import link_messages
from officeflow.staff.actions import (
    InvitationClosed,
    IssuedInvitation,
    accept_invitation,
    deactivate_person,
    grant_role,
    invite,
    invite_again,
    revoke_invitation,
)
from officeflow.staff.models import Invitation, User
from tests.people import PASSWORD

TYPED = {
    "full_name": "Olga Office",
    "username": "olga",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


@pytest.fixture
def issued(ada: User) -> IssuedInvitation:
    """Returns an invitation of Olga by Ada, as receptionist and accountant."""
    roles = [Role.RECEPTIONIST, Role.ACCOUNTANT]
    return invite(actor=ada, full_name="Olga Office", roles=roles, email="olga@example.org")


def accept_url(issued: IssuedInvitation) -> str:
    return reverse("staff:accept", args=[issued.token])


def come_in(issued: IssuedInvitation, username: str = "olga") -> User:
    return accept_invitation(
        token=issued.token, username=username, full_name="Olga Office", password=PASSWORD
    )


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[link_messages.LinkMessage]:
    """Returns the messages that were sent to colleagues."""
    found: list[link_messages.LinkMessage] = []

    def send(message: link_messages.LinkMessage, *, actor: User | None) -> bool:
        found.append(message)
        return True

    monkeypatch.setattr(link_messages, "send", send)
    monkeypatch.setattr(settings, "MAIL_MODE", "smtp")
    return found


def test_the_page_shows_the_link_once_and_sends_it(
    client: Client, ada: User, posted: list[link_messages.LinkMessage]
) -> None:
    client.force_login(ada)
    page = reverse("staff:invite")
    assert "roles" in client.post(page, {"full_name": "Olga Office"}).context["form"].errors
    answer = client.post(
        page, {"full_name": "Olga Office", "email": "olga@example.org", "roles": ["hr"]}
    )
    found = re.search(r'value="(http[^"]+/invitation/[^"]+)"', answer.content.decode())
    assert found is not None
    assert "It is on its way" in answer.content.decode()
    assert (posted[0].link, posted[0].to_address) == (found[1], "olga@example.org")
    people = client.get(reverse("staff:people")).content.decode()
    assert "Olga Office" in people
    assert found[1] not in people


def test_a_link_that_is_only_stored_is_not_shown_as_sent(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAIL_MODE", "mailbox")
    client.force_login(ada)
    typed = {"full_name": "Olga Office", "email": "olga@example.org", "roles": ["hr"]}
    answer = client.post(reverse("staff:invite"), typed)
    assert "Pass it on" in answer.content.decode()
    assert "on its way" not in answer.content.decode()


def test_accepting_an_invitation_creates_an_account_and_signs_in(
    client: Client, issued: IssuedInvitation
) -> None:
    page = client.get(accept_url(issued))
    assert page.context["form"]["username"].value() == "olga"
    assert client.post(accept_url(issued), TYPED).headers["Location"] == reverse("staff:home")
    olga = User.objects.get(username="olga")
    assert olga.roles == {Role.RECEPTIONIST, Role.ACCOUNTANT}
    assert olga.email == "olga@example.org"
    assert client.session["_auth_user_id"] == str(olga.pk)
    assert Client().get(accept_url(issued)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("username", "ADA"), ("password", "12345"), ("password_again", "other")]
)
def test_invalid_input_leaves_the_invitation_usable(
    client: Client, issued: IssuedInvitation, field: str, value: str
) -> None:
    answer = client.post(accept_url(issued), {**TYPED, field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert come_in(issued).username == "olga"


def test_an_invitation_is_accepted_once(issued: IssuedInvitation) -> None:
    come_in(issued)
    with pytest.raises(InvitationClosed):
        come_in(issued, "other")


def test_expired_renewed_and_withdrawn_links_do_not_work(
    ada: User, issued: IssuedInvitation
) -> None:
    renewed = invite_again(actor=ada, invitation=issued.invitation)
    with pytest.raises(InvitationClosed):
        come_in(issued)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvitationClosed):
        come_in(renewed)
    again = invite_again(actor=ada, invitation=issued.invitation)
    revoke_invitation(actor=ada, invitation=issued.invitation)
    with pytest.raises(InvitationClosed):
        come_in(again)
    with pytest.raises(InvitationClosed):
        revoke_invitation(actor=ada, invitation=issued.invitation)


def test_an_invitation_ends_with_the_inviters_permission(
    ada: User, maya: User, issued: IssuedInvitation
) -> None:
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR)
    deactivate_person(actor=maya, user=ada)
    with pytest.raises(InvitationClosed):
        come_in(issued)


def test_an_invitation_needs_a_role_and_a_name(ada: User) -> None:
    for wrong in ({"roles": []}, {"full_name": " "}, {"email": "nowhere"}):
        with pytest.raises(Refused):
            invite(actor=ada, **{"full_name": "Olga", "roles": [Role.HR], **wrong})


def test_wrong_links_are_rate_limited(
    client: Client, office: Office, issued: IssuedInvitation
) -> None:
    for _try in range(20):
        client.get(reverse("staff:accept", args=["x"]))
    assert client.get(reverse("staff:accept", args=["wrong"])).status_code == 429
    # A right one works: colleagues share an address with whoever guesses.
    assert client.get(accept_url(issued)).status_code == 200
