"""Resetting a forgotten password, by mail and by command."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office
from officeflow.handoff.applying.draining import drain
from officeflow.handoff.models import Handoff
from officeflow.staff import link_messages, resets
from officeflow.staff.actions import issue_token
from officeflow.staff.models import User
from tests.staff.test_invitations import posted  # noqa: F401 (a fixture)
from tests.staff.test_sign_in import sign_in

NEW = "paper lantern at dusk"
ASK = reverse("staff:forgotten")


def follow(client: Client, link: str, password: str = NEW):  # type: ignore[no-untyped-def]
    return client.post(link, {"password": password, "password_again": password})


def test_the_answer_does_not_tell_whether_an_account_exists(
    client: Client,
    rita: User,
    posted: list[link_messages.LinkMessage],  # noqa: F811
) -> None:
    answers = {
        client.post(ASK, {"who": who}).content.decode().partition("<main")[2]
        for who in ("RITA@example.org", "rita", "nobody@example.org", "nobody")
    }
    drain()
    assert len({answer.partition("</main>")[0] for answer in answers}) == 1
    assert [message.to_address for message in posted] == ["rita@example.org"] * 2


def test_the_work_of_an_answer_does_not_tell_whether_an_account_exists(
    client: Client,
    rita: User,
    posted: list[link_messages.LinkMessage],  # noqa: F811
) -> None:
    def statements(who: str) -> list[str]:
        with CaptureQueriesContext(connection) as done:
            client.post(ASK, {"who": who})
        return [re.sub(r"'[^']*'|\d+", "…", query["sql"]) for query in done]

    known, unknown = statements("rita@example.org"), statements("nobody@example.org")
    assert known == unknown == statements("rita") == statements("nobody")
    assert not posted, "the page leaves the message to the worker"
    assert {handoff.is_sealed for handoff in Handoff.objects.all()} == {True}
    drain()
    assert len(posted) == 2
    assert not any("rita" in str(handoff.payload) for handoff in Handoff.objects.all())


def test_the_link_sets_a_password_once_and_ends_sessions(
    client: Client,
    rita: User,
    posted: list[link_messages.LinkMessage],  # noqa: F811
) -> None:
    elsewhere = Client()
    elsewhere.force_login(rita)
    issue_token(user=rita)
    client.post(ASK, {"who": "rita"})
    drain()
    link = posted[0].link
    assert "password" in follow(client, link, "12345").context["form"].errors
    assert follow(client, link).headers["Location"] == reverse("staff:sign-in")
    assert User.objects.get(pk=rita.pk).check_password(NEW)
    assert elsewhere.get(reverse("staff:own")).status_code == 302
    assert not AuthToken.objects.exists()
    assert AuditEntry.objects.filter(action="change_password", actor=rita).count() == 1
    assert follow(client, link, "another one of mine").status_code == 404
    assert User.objects.get(pk=rita.pk).check_password(NEW)


def test_a_link_expires_after_a_day_and_with_the_account(client: Client, rita: User) -> None:
    link = resets.reset_path(rita)
    assert client.get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert client.get(link).status_code == 404
    User.objects.filter(pk=rita.pk).update(is_active=False)
    assert follow(client, link).status_code == 404
    assert client.get(reverse("staff:reset", args=["%%%", "x"])).status_code == 404


def test_a_new_password_ends_a_lockout(client: Client, rita: User) -> None:
    for _try in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "rita", "wrong")
    assert sign_in(client, "rita").status_code == 429
    follow(client, resets.reset_path(rita))
    assert sign_in(client, "rita", NEW).status_code == 302


def test_the_links_for_one_person_are_rate_limited(
    client: Client,
    rita: User,
    posted: list[link_messages.LinkMessage],  # noqa: F811
) -> None:
    asked = [client.post(ASK, {"who": "rita"}).status_code for _time in range(4)]
    assert asked == [200, 200, 200, 429]
    drain()
    assert len(posted) == 3
    # Whoever asks elsewhere does not use up what Rita may ask for.
    assert client.post(ASK, {"who": "rita"}, REMOTE_ADDR="10.0.0.9").status_code == 200
    drain()
    assert len(posted) == 4


def test_a_right_link_works_although_many_wrong_ones_were_tried(client: Client, rita: User) -> None:
    wrong = reverse("staff:reset", args=["cml0YQ", "abc-def"])
    assert [client.get(wrong).status_code for _try in range(21)] == [404] * 20 + [429]
    assert client.get(resets.reset_path(rita)).status_code == 200


def test_without_mail_the_page_says_to_ask_an_administrator(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAIL_MODE", "off")
    assert "Ask your administrator" in client.get(ASK).content.decode()


def test_the_command_prints_a_link(
    client: Client, rita: User, capsys: pytest.CaptureFixture
) -> None:
    call_command("reset_password", "Rita", address="https://office.example")
    link = capsys.readouterr().out.strip().removeprefix("https://office.example")
    follow(client, link)
    assert User.objects.get(pk=rita.pk).check_password(NEW)
    with pytest.raises(CommandError, match="no user name nobody"):
        call_command("reset_password", "nobody")


def test_the_command_asks_for_a_password(rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "officeflow.staff.management.commands.reset_password.getpass", lambda _prompt: NEW
    )
    call_command("reset_password", "rita", password=True)
    assert User.objects.get(pk=rita.pk).check_password(NEW)


def test_a_link_does_not_begin_with_a_forged_host(
    client: Client,
    rita: User,
    posted: list[link_messages.LinkMessage],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.post(ASK, {"who": "rita"}, headers={"host": "localhost"})
    monkeypatch.setattr(settings, "OFFICE_ADDRESS", "https://office.example")
    client.post(ASK, {"who": "rita"}, headers={"host": f"localhost:{'0' * 2000}"})
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["*"])
    client.post(ASK, {"who": "rita"}, headers={"host": "elsewhere.example"})
    drain()
    assert [message.link.partition("/password")[0] for message in posted] == [
        "http://localhost",
        "https://office.example",
        "https://office.example",
    ]
