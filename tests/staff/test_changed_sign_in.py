"""People are told what colleagues did to their sign-in, and HR who can read its cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.tickets.models import Notification
from officeflow.mail.models import Message
from officeflow.permissions import Role
from officeflow.second_factor.actions import reset_second_factor
from officeflow.second_factor.models import SecondFactor
from officeflow.staff.actions import (
    change_password,
    change_person,
    create_reset_link,
    deactivate_person,
    give_password,
    grant_role,
    reactivate_person,
)
from officeflow.staff.models import AccountNotice, User
from tests.people import PASSWORD
from tests.staff.test_sign_in import sign_in

NEW = "paper lantern at dusk"
OWN = "a lamp and two chairs"
SESSIONS = reverse("staff:sessions")


def told(person: User) -> list[str]:
    return list(
        Notification.objects.filter(person=person).order_by("pk").values_list("kind", flat=True)
    )


def change_email(ada: User, user: User, email: str = "eve@example.org") -> None:
    user.refresh_from_db()
    change_person(actor=ada, user=user, version=user.version, full_name=user.full_name, email=email)


@pytest.fixture
def heidi(hanna: User, nils: User, ada: User) -> User:
    """Returns a second person of HR."""
    grant_role(actor=ada, user=nils, role=Role.HR)
    Notification.objects.all().delete()
    return nils


def test_hr_is_told_of_each_way_into_an_account_of_hr(ada: User, hanna: User, heidi: User) -> None:
    SecondFactor.objects.create(user=hanna, key=b"x", added_at=timezone.now())
    change_email(ada, hanna)
    create_reset_link(actor=ada, user=hanna)
    reset_second_factor(actor=ada, user=hanna)
    deactivate_person(actor=ada, user=hanna)
    give_password(actor=ada, user=hanna, password=NEW)
    reactivate_person(actor=ada, user=hanna)
    ways = ["hr_email", "hr_password", "hr_factor", "hr_password", "hr_active"]
    assert told(heidi) == ways


def test_hr_is_told_of_who_will_have_its_role(ada: User, rita: User, hanna: User) -> None:
    grant_role(actor=ada, user=rita, role=Role.HR, valid_from=timezone.now() + timedelta(days=1))
    change_email(ada, rita)
    change_password(actor=None, user=rita, password=NEW)
    assert told(hanna) == ["hr_role", "hr_email", "hr_password"]


def test_hr_is_not_told_of_others(ada: User, rita: User, hanna: User) -> None:
    change_email(ada, rita)
    give_password(actor=ada, user=rita, password=NEW)
    assert told(hanna) == []


def test_a_person_is_written_to_at_the_old_address(
    ada: User, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MAIL_MODE", "smtp")
    change_email(ada, rita)
    rita.refresh_from_db()
    give_password(actor=ada, user=rita, password=NEW)
    sent = Message.objects.order_by("pk").values_list("event", "to_address", "is_secret")
    assert list(sent) == [
        ("sign_in_changed", "rita@example.org", True),
        ("sign_in_changed", "eve@example.org", True),
    ]


def test_a_notice_is_shown_until_it_is_confirmed(client: Client, ada: User, rita: User) -> None:
    create_reset_link(actor=ada, user=rita)
    for _time in range(2):  # whoever signs in first does not use it up
        browser = Client()
        sign_in(browser, "rita")
        assert SESSIONS in browser.get("/desk/").content.decode().partition("<h1")[0]
    page = browser.get(SESSIONS).content.decode()
    assert "Ada Administrator made a link with which your password can be changed" in page
    shown = AccountNotice.objects.get()
    change_email(ada, rita)  # while the page is open
    confirm = reverse("staff:notices-confirm")
    for wrong in ("", "x", "9" * 40):
        browser.post(confirm, {"last": wrong})
    assert not AccountNotice.objects.filter(seen_at__isnull=False).exists()
    browser.post(confirm, {"last": shown.pk})
    assert AccountNotice.objects.get(seen_at__isnull=True).kind == "email"
    browser.post(confirm, {"last": shown.pk + 1})
    assert "I have read this" not in browser.get(SESSIONS).content.decode()
    assert SESSIONS not in browser.get("/desk/").content.decode().partition("<h1")[0]


def test_a_one_time_password_is_not_chosen_again(client: Client, ada: User, rita: User) -> None:
    give_password(actor=ada, user=rita, password=NEW)
    sign_in(client, "rita", NEW)
    change = reverse("staff:password-change")
    same = {"old_password": NEW, "new_password1": NEW, "new_password2": NEW}
    assert client.post(change, same).status_code == 422
    assert User.objects.get(pk=rita.pk).must_change_password
    other = {"old_password": NEW, "new_password1": OWN, "new_password2": OWN}
    assert client.post(change, other).status_code == 302
    now = User.objects.get(pk=rita.pk)
    assert (now.must_change_password, now.one_time_until) == (False, None)


def test_a_one_time_password_expires(client: Client, ada: User, rita: User) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        give_password(actor=ada, user=rita, password=NEW)
        clock.shift(timedelta(hours=71, minutes=59))
        assert sign_in(Client(), "rita", NEW).status_code == 302
        clock.shift(timedelta(minutes=1))
        late: Any = sign_in(Client(), "rita", NEW)
        assert late.status_code == 422
        assert "has expired" in late.content.decode()
        give_password(actor=ada, user=rita, password=OWN)
        assert sign_in(Client(), "rita", OWN).status_code == 302
    assert not User.objects.get(pk=ada.pk).one_time_expired
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)
