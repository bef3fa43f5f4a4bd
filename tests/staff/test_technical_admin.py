"""The technical admin gives nobody another person's identity, and is in the audit trail."""

from __future__ import annotations

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from officeflow.audit.models import AuditEntry
from officeflow.company.models import Office
from officeflow.staff.actions import issue_token
from officeflow.staff.models import User

pytestmark = pytest.mark.django_db
TOKENS = "/admin/knox/authtoken/"


@pytest.fixture
def root(office: Office) -> User:
    return User.objects.create_superuser("root", "an office key of paper", full_name="Root")


@pytest.fixture
def desk(client: Client, root: User) -> Client:
    client.force_login(root)
    return client


def test_creating_a_superuser_is_audited(root: User) -> None:
    entry = AuditEntry.objects.get(action="add_superuser")
    assert (entry.subject, entry.actor) == ("root", None)


def test_nobody_makes_a_token_for_somebody_else(desk: Client, hanna: User) -> None:
    assert desk.get(f"{TOKENS}add/").status_code == 403
    assert (
        desk.post(f"{TOKENS}add/", {"user": hanna.pk, "expiry_0": "2030-01-01"}).status_code == 403
    )
    assert not AuthToken.objects.exists()


def test_every_table_in_it_is_read_only_but_for_what_is_audited() -> None:
    for model, shown in admin.site._registry.items():
        assert type(shown).has_add_permission is not admin.ModelAdmin.has_add_permission, model
        assert type(shown).has_change_permission is not admin.ModelAdmin.has_change_permission
    assert not admin.site.is_registered(User)
    assert not admin.site.is_registered(Group)


def test_its_start_page_is_one_list(desk: Client) -> None:
    page = desk.get("/admin/").content.decode()
    assert page.count("<table") == 1
    for address in (TOKENS, "/admin/axes/accessattempt/", "/admin/axes/accesslog/"):
        assert f'<a href="{address}">' in page


def test_ending_a_token_is_audited(desk: Client, rita: User, root: User) -> None:
    token, _secret = issue_token(user=rita)
    assert desk.get(TOKENS).status_code == 200
    desk.post(f"{TOKENS}{token.pk}/delete/", {"post": "yes"})
    other, _secret = issue_token(user=rita)
    desk.post(TOKENS, {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"})
    assert not AuthToken.objects.exists()
    ended = AuditEntry.objects.filter(action="end_token", actor=root, subject="rita")
    assert ended.count() == 2
    assert AuditEntry.objects.filter(action="issue_token", actor=rita).count() == 2


def test_lifting_a_lockout_is_audited(desk: Client, root: User) -> None:
    attempt = AccessAttempt.objects.create(
        username="rita", ip_address="192.0.2.1", failures_since_start=6
    )
    desk.post(f"/admin/axes/accessattempt/{attempt.pk}/delete/", {"post": "yes"})
    assert not AccessAttempt.objects.exists()
    assert AuditEntry.objects.get(action="unlock").actor == root


def test_it_has_no_sign_in_and_no_passwords_of_its_own(client: Client, desk: Client) -> None:
    answer = desk.get("/admin/password_change/")
    assert answer.headers["Location"] == reverse("staff:password-change")
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer.headers["Location"].startswith(reverse("staff:sign-in"))


def test_a_person_without_it_gets_403(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_password_changed_by_a_command_ends_tokens(
    rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_token(user=rita)
    monkeypatch.setattr(
        "django.contrib.auth.management.commands.changepassword.getpass.getpass",
        lambda **_options: "paper lantern at dusk",
    )
    call_command("changepassword", "rita", verbosity=0)
    assert User.objects.get(pk=rita.pk).check_password("paper lantern at dusk")
    assert not AuthToken.objects.exists()
    assert AuditEntry.objects.filter(action="change_password", subject="rita").count() == 1
