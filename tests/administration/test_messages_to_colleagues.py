"""Invitations and password reset links are sent as sealed hand-offs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from officeflow.handoff.applying.draining import drain
from officeflow.handoff.models import Handoff
from officeflow.mail.models import Message
from officeflow.staff.models import User


@pytest.fixture
def server(settings: Any) -> None:
    """An office with a mail server."""
    settings.MAIL_MODE = "smtp"


@pytest.mark.usefixtures("server")
def test_an_invitation_is_sent_and_its_link_is_sealed(client: Client, ada: User) -> None:
    client.force_login(ada)
    answer = client.post(
        reverse("staff:invite"),
        {"full_name": "Olga Office", "email": "olga@example.org", "roles": ["hr"]},
    )
    message = Message.objects.get()
    assert message.to_address == "olga@example.org"
    assert "/invitation/" not in message.body
    assert Handoff.objects.get(subject=message.number).is_sealed
    assert answer.context["is_sent"]


@pytest.mark.usefixtures("server")
def test_a_password_reset_is_sent(client: Client, rita: User) -> None:
    client.post(reverse("staff:forgotten"), {"who": "rita"})
    drain()
    assert Message.objects.get().to_address == "rita@example.org"


@pytest.mark.parametrize("mode", ["mailbox", "off"])
def test_without_a_mail_server_the_link_is_shown_only(
    client: Client, ada: User, rita: User, settings: Any, mode: str
) -> None:
    settings.MAIL_MODE = mode
    answer = client.post(reverse("staff:forgotten"), {"who": "rita"})
    assert "Ask your administrator" in answer.content.decode()
    client.force_login(ada)
    typed = {"full_name": "Olga", "email": "olga@example.org", "roles": ["hr"]}
    answer = client.post(reverse("staff:invite"), typed)
    assert not answer.context["is_sent"]
    assert not Message.objects.exists()
