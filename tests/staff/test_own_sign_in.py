"""A person's own sign-in: one-time passwords, reset links by a colleague, and open sessions."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from backoffice.tickets.models import Notification
from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.actions import change_password, create_reset_link, grant_role
from officeflow.staff.models import AccountNotice, User, UserSession
from tests.people import PASSWORD
from tests.staff.test_sign_in import sign_in

pytestmark = pytest.mark.django_db
NEW = "paper lantern at dusk"
CHANGE = reverse("staff:password-change")
SESSIONS = reverse("staff:sessions")
OWN = reverse("staff:own")


def deed(username: str) -> str:
    return reverse("staff:person-reset-link", args=[username])


# --- one-time passwords -------------------------------------------------------------------------


def test_a_password_from_a_colleague_must_be_changed(
    client: Client, office: Office, rita: User, ada: User
) -> None:
    change_password(actor=ada, user=rita, password=NEW)
    assert sign_in(client, "rita", NEW).status_code == 302
    for path in (OWN, "/desk/", SESSIONS):
        assert client.get(path).headers["Location"] == f"{CHANGE}?{urlencode({'next': path})}"
    assert client.get("/api/v1/orders/").status_code == 403
    live = client.get("/desk/live/", headers={"HX-Request": "true"})
    assert live.headers["HX-Redirect"] == CHANGE
    # It works until it is changed, and no page offers to keep it or asks for it again.
    again = Client()
    assert sign_in(again, "rita", NEW).status_code == 302
    page = again.get(CHANGE)
    assert "old_password" not in page.context["form"].fields
    assert "Keep the old password" not in page.content.decode()
    own = "a lamp and two chairs"
    changed = again.post(CHANGE, {"new_password1": own, "new_password2": own, "next": "/desk/?q=a"})
    assert 'href="/desk/?q=a"' in again.get(changed.headers["Location"]).content.decode()
    assert again.get(OWN).status_code == 200
    assert "Keep the old password" in again.get(CHANGE).content.decode()
    assert sign_in(Client(), "rita", NEW).status_code == 422
    assert client.get(OWN).headers["Location"].startswith("/sign-in/")


def test_an_old_sign_in_asks_for_the_password_from_a_colleague_again(
    client: Client, office: Office, rita: User, ada: User
) -> None:
    change_password(actor=ada, user=rita, password=NEW)
    own = "a lamp and two chairs"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, "rita", NEW)
        clock.shift(timedelta(minutes=16))
        client.post(CHANGE, {"new_password1": own, "new_password2": own})
        assert User.objects.get(pk=rita.pk).must_change_password
        typed = {"old_password": NEW, "new_password1": own, "new_password2": own}
        client.post(CHANGE, typed)
    assert not User.objects.get(pk=rita.pk).must_change_password


def test_a_new_persons_password_must_be_changed(client: Client, ada: User) -> None:
    client.force_login(ada)
    typed = {"full_name": "Olga Office", "username": "olga", "password": NEW, "roles": ["hr"]}
    client.post(reverse("staff:person-new"), typed)
    assert User.objects.get(username="olga").must_change_password
    browser = Client()
    sign_in(browser, "olga", NEW)
    assert browser.get(OWN).headers["Location"].startswith(CHANGE)


def test_the_api_gives_no_token_for_a_one_time_password(
    client: Client, rita: User, ada: User
) -> None:
    change_password(actor=ada, user=rita, password=NEW)
    answer = client.post(
        reverse("api:sign-in"),
        {"username": "rita", "password": NEW},
        content_type="application/json",
    )
    assert answer.status_code == 403


def test_an_own_password_need_not_be_changed(rita: User) -> None:
    change_password(actor=rita, user=rita, password=NEW)
    assert not User.objects.get(pk=rita.pk).must_change_password
    assert not AccountNotice.objects.exists()


# --- what colleagues do -------------------------------------------------------------------------


def test_a_reset_link_is_an_audited_deed_that_its_owner_hears_of(
    client: Client, rita: User, ada: User
) -> None:
    client.force_login(ada)
    assert AuditEntry.objects.filter(action="create_reset_link").count() == 0
    client.get(deed("rita"))
    assert AuditEntry.objects.filter(action="create_reset_link").count() == 0
    page = client.post(deed("rita")).content.decode()
    found = re.search(r'value="([^"]+)" readonly data-reset-link', page)
    assert found is not None
    entry = AuditEntry.objects.get(action="create_reset_link")
    assert (entry.actor, entry.subject) == (ada, "rita")
    theirs = Client()
    theirs.post(found[1], {"password": NEW, "password_again": NEW})
    assert theirs.post(found[1], {"password": NEW, "password_again": NEW}).status_code == 404
    signed_in = theirs.post(
        reverse("staff:sign-in"), {"username": "rita", "password": NEW}, follow=True
    ).content.decode()
    assert "A colleague changed how you sign in" in signed_in
    assert "Ada Administrator made a link" in theirs.get(SESSIONS).content.decode()


def test_no_link_for_oneself_or_a_deactivated_account(
    client: Client, ada: User, rita: User
) -> None:
    client.force_login(ada)
    User.objects.filter(pk=rita.pk).update(is_active=False)
    for name in ("ada", "rita"):
        assert client.post(deed(name)).status_code == 302
    assert not AuditEntry.objects.filter(action="create_reset_link").exists()


def test_hr_is_notified_of_who_can_read_its_cases(
    client: Client, hanna: User, ada: User, rita: User
) -> None:
    grant_role(actor=ada, user=ada, role=Role.HR)
    create_reset_link(actor=ada, user=hanna)
    create_reset_link(actor=ada, user=rita)
    told = Notification.objects.filter(person=hanna).order_by("pk")
    assert [(each.kind, each.by, each.about) for each in told] == [
        ("hr_role", ada, ada),
        ("hr_password", ada, hanna),
    ]
    assert Notification.objects.count() == 2
    client.force_login(hanna)
    text = client.get(reverse("notifications:list")).content.decode()
    assert "Ada Administrator gave Ada Administrator the HR role" in text
    assert "Ada Administrator set a new password for Hanna HR" in text


# --- sessions -----------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_by_their_owner(
    client: Client, rita: User, ravi: User
) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    sign_in(client, "rita")
    elsewhere, theirs = Client(headers={"User-Agent": agent}), Client()
    sign_in(elsewhere, "rita")
    sign_in(theirs, "ravi")
    page = client.get(SESSIONS).content.decode()
    assert "Firefox, Windows" in page
    assert page.count("127.0.0.1") == 2
    other = UserSession.objects.get(session_key=elsewhere.session.session_key)
    stranger = UserSession.objects.get(user=ravi)
    for pk in (other.pk, stranger.pk):
        client.post(reverse("staff:sessions-end"), {"session": pk})
    assert elsewhere.get(OWN).status_code == 302
    assert theirs.get(OWN).status_code == 200
    assert client.get(OWN).status_code == 200
    assert AuditEntry.objects.filter(action="end_sessions", actor=rita).count() == 1


def test_all_other_sessions_end_at_once(client: Client, rita: User) -> None:
    sign_in(client, "rita")
    others = [Client() for _ in range(2)]
    for each in others:
        sign_in(each, "rita")
    client.post(reverse("staff:sessions-end"))
    assert [each.get(OWN).status_code for each in others] == [302, 302]
    assert client.get(OWN).status_code == 200


def test_a_changed_password_leaves_one_listed_session(client: Client, rita: User) -> None:
    sign_in(client, "rita")
    sign_in(Client(), "rita")
    client.post(CHANGE, {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    page = client.get(SESSIONS).content.decode()
    assert "this one" in page


def test_an_idle_session_ends_although_a_page_refreshes_itself(client: Client, rita: User) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        sign_in(client, "rita")
        clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS - 5))
        client.get(OWN, headers={"HX-Request": "true"})
        clock.shift(timedelta(seconds=10))
        assert client.get(OWN).status_code == 302
        sign_in(client, "rita")
        clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS - 5))
        assert client.get(OWN).status_code == 200
        clock.shift(timedelta(seconds=10))
        assert client.get(OWN).status_code == 200


def test_a_session_ends_however_often_it_is_used(client: Client, rita: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client, "rita")
        for _hour in range(12):
            clock.shift(timedelta(minutes=59))
            assert client.get(OWN).status_code == 200
        clock.shift(timedelta(minutes=13))
        ended = client.get(OWN)
        assert ended.status_code == 302
        assert ended.headers["Clear-Site-Data"] == '"cache"'
        sign_in(client, "rita")
        assert client.get(SESSIONS).content.decode().count("this one") == 1


def test_another_persons_session_is_replaced(client: Client, rita: User, ravi: User) -> None:
    client.force_login(rita)
    client.force_login(ravi)
    assert client.get(OWN).status_code == 200
    assert UserSession.objects.filter(session_key=client.session.session_key, user=ravi).exists()


def test_the_browser_keeps_nothing(client: Client, rita: User, hanna: User) -> None:
    client.force_login(hanna)
    for page in ("/office/hr/commissions/", "/notifications/", OWN, "/administration/audit/"):
        assert client.get(page).headers["Cache-Control"] == "private, no-store", page
    assert client.get("/api/v1/tickets/").headers["Cache-Control"] == "no-store"
    answer = client.post(reverse("staff:sign-out"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_security_events_are_logged(
    client: Client, rita: User, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, "rita", "wrong")
    sign_in(client, "rita")
    client.get(reverse("staff:people"))
    grant_role(actor=ada, user=rita, role=Role.FULFILMENT)
    told = caplog.text
    for words in ("sign_in_failed", "signed_in", "refused", "role_granted", "127.0.0.1"):
        assert words in told
    assert "wrong" not in told
