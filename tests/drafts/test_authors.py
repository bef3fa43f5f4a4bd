"""A draft belongs to its author: after the session or a role has ended nobody else reads it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from frontdesk.complaints.models import Complaint
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.drafts.models import Draft
from officeflow.drafts.queries import own_draft
from officeflow.drafts.sent_forms import STARTED_BY_OTHERS
from officeflow.staff.models import RoleGrant, User
from tests.drafts.typing import (
    NEW_COMPLAINT,
    NEW_ORDER,
    SAVE,
    browser,
    kept,
    order_fields,
    typed_by,
)
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
CONDUCT = {"category": "conduct", "description": "Ravi shouted at me", "severity": "high"}


def sign_in(client: Client, user: User, page: str):  # type: ignore[no-untyped-def]
    return client.post(
        "/sign-in/", {"username": user.username, "password": PASSWORD, "next": page}, follow=True
    )


def test_after_the_session_has_ended_the_next_person_sees_no_word_and_the_author_everything(
    rita: User, ravi: User, client: Client
) -> None:
    asked = client.post(NEW_COMPLAINT, typed_by(rita, "complaint", **CONDUCT))
    assert asked.status_code == 401
    assert "shouted" not in asked.content.decode()
    assert asked.headers["Cache-Control"].count("no-store") == 1
    page = asked.context["next"]
    others = sign_in(client, ravi, page)
    assert "shouted" not in others.content.decode()
    assert "not yours" in others.content.decode()
    assert "shouted" not in client.get("/drafts/").content.decode()
    assert (
        "shouted" not in client.get(f"{NEW_COMPLAINT}?draft={page.split('/')[2]}").content.decode()
    )
    client.post("/sign-out/")
    own = sign_in(client, rita, page).content.decode()
    assert "Ravi shouted at me" in own
    assert not Complaint.objects.exists()


def test_a_form_of_another_author_is_kept_for_them_when_somebody_else_is_signed_in(
    rita: User, ravi: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ravi)
    answer = client.post(
        NEW_COMPLAINT,
        typed_by(rita, "complaint", **CONDUCT),
        headers={"Origin": "http://testserver"},
    )
    assert answer.status_code == 403
    assert "shouted" not in answer.content.decode()
    assert Draft.objects.get().author == rita


@pytest.mark.parametrize(("origin", "is_kept"), [("http://testserver", True), ("null", False)])
def test_a_form_with_an_old_csrf_token_is_kept_if_it_is_of_our_origin(
    rita: User, origin: str, is_kept: bool
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(rita)
    answer = client.post(
        NEW_ORDER, typed_by(rita, "order", note="two\nlines"), headers={"Origin": origin}
    )
    assert answer.status_code == (302 if is_kept else 403)
    assert Draft.objects.exists() == is_kept


def test_typing_goes_on_being_kept_after_the_session_has_ended(rita: User, client: Client) -> None:
    draft = kept(client, typed_by(rita, "complaint", **CONDUCT))
    assert (
        "Ravi shouted" in browser(rita).get(f"{NEW_COMPLAINT}?draft={draft.key}").content.decode()
    )


@pytest.mark.parametrize("forged", ["", "1:abc:def"])
def test_a_form_of_an_unknown_author_is_not_kept(rita: User, client: Client, forged: str) -> None:
    sent = typed_by(rita, "order", note="typed") | {"form_author": forged}
    assert client.post(SAVE, sent).status_code == 401
    assert client.post(NEW_ORDER, sent).status_code == 302
    assert not Draft.objects.exists()


def test_somebody_elses_page_is_kept_for_its_author_and_says_who_is_signed_in(
    rita: User, ravi: User
) -> None:
    # Signing in renews the key of the page (CSRF), which the open form cannot know.
    client = Client(enforce_csrf_checks=True)
    client.force_login(ravi)
    answer = client.post(SAVE, typed_by(rita, "order", note="x"))
    assert answer.status_code == 200
    assert answer.json()["message"].startswith("Ravi Receptionist is signed in here now.")
    draft = Draft.objects.get()
    assert draft.author == rita
    assert own_draft(ravi, draft.key) is None


def test_whoever_has_a_page_that_was_left_open_pushes_no_draft_of_its_author_out(
    rita: User, ravi: User
) -> None:
    own = browser(rita)
    order = kept(own, typed_by(rita, "order", note="the first"))
    change = kept(own, typed_by(rita, "complaint", "CP-000001", description="of a record"))
    stranger, others = Client(), browser(ravi)
    for number in range(STARTED_BY_OTHERS.limit):
        kept(stranger if number % 2 else others, typed_by(rita, "order", note=f"junk {number}"))
    for client in (stranger, others):
        answer = client.post(SAVE, typed_by(rita, "order", note="more"))
        assert answer.status_code == 422
        assert answer.json()["message"].startswith("Sign in")
    asked = stranger.post(NEW_COMPLAINT, typed_by(rita, "complaint", **CONDUCT))
    assert asked.status_code == 302, "it is not kept, and the page asks to sign in"
    replaced = typed_by(rita, "complaint", "CP-000001", description="another")
    assert stranger.post(f"{SAVE}?replace", replaced).status_code == 422
    assert Draft.objects.unfinished().count() == STARTED_BY_OTHERS.limit + 2
    # What was begun goes on being kept, and the author begins as many as ever.
    key, name = order.key, {"note": "the first, longer"}
    assert kept(stranger, typed_by(rita, "order", key=key, version=1, **name)).version == 2
    older = typed_by(rita, "order", key=key, version=0, note="x")
    assert stranger.post(f"{SAVE}?replace", older).status_code == 409
    assert own.post(f"{SAVE}?replace", older).status_code == 200
    kept(own, typed_by(rita, "order", note="the next"))
    assert own_draft(rita, change.key) is not None


@pytest.mark.parametrize("version", [0, 2, 999_999_999])
def test_nobody_else_overwrites_a_draft_but_from_exactly_its_version(
    rita: User, ravi: User, client: Client, version: int
) -> None:
    draft = kept(browser(rita), typed_by(rita, "order", note="mine"))
    forged = typed_by(rita, "order", key=draft.key, version=version, note="forged")
    for other in (client, browser(ravi)):
        assert other.post(SAVE, forged).status_code == 409
    # A form that was sent so is kept apart.
    client.post(NEW_ORDER, forged)
    found = own_draft(rita, draft.key)
    assert found is not None
    assert (found.fields["note"], found.version) == ("mine", 1)
    assert Draft.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_start_no_more_drafts_than_the_limit(rita: User) -> None:
    def start(number: int) -> int:
        try:
            return Client().post(SAVE, typed_by(rita, "order", note=str(number))).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as strangers:
        answers = list(strangers.map(start, range(STARTED_BY_OTHERS.limit + 6)))
    assert answers.count(200) == Draft.objects.count() == STARTED_BY_OTHERS.limit
    assert answers.count(422) == 6


def test_who_is_signed_in_saves_nothing_without_the_authors_signature(ravi: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ravi)
    sent = typed_by(ravi, "order", note="x")
    del sent["form_author"]
    assert client.post(SAVE, sent).status_code == 401
    assert not Draft.objects.exists()


def test_a_role_that_ends_in_the_middle_loses_no_typing(rita: User, mug: Product) -> None:
    page = browser(rita)
    now = timezone.now()
    grants = RoleGrant.objects.filter(user=rita)
    grants.update(valid_from=now - timedelta(days=1), valid_until=now - timedelta(seconds=1))
    answer = page.post(NEW_ORDER, typed_by(rita, "order", **order_fields(note="Wrap it")))
    assert answer.status_code == 403
    assert "/drafts/" in answer.content.decode()
    assert "Order for a walk-in" in page.get("/drafts/").content.decode()
    grants.update(valid_until=None)
    draft = Draft.objects.get()
    assert "Wrap it" in page.get(f"{NEW_ORDER}?draft={draft.key}").content.decode()


def test_other_forms_are_sent_again_by_their_author_once(rita: User, client: Client) -> None:
    sent = {"form_author": typed_by(rita, "x")["form_author"], "language": "de", "extra": "a\nb"}
    page = client.post("/you/", sent).context["next"]
    own = browser(rita)
    offered = own.get(page).content.decode()
    assert 'action="/you/"' in offered
    assert '<textarea name="extra" hidden>\na\nb</textarea>' in offered
    # Who sends it sees what and to where: a form with a stranger's words may be kept as well.
    assert "<code>/you/</code>" in offered
    assert "a<br>b" in offered
    assert "autofocus" not in offered
    key = Draft.objects.get().key
    own.post("/you/", {"draft": f"::{key}", "language": "nonsense"})
    assert Draft.objects.unfinished().exists()
    assert own.post("/drafts/" + f"{key}/discard/").status_code == 302
    assert not Draft.objects.unfinished().exists()


def test_a_form_with_a_password_is_not_kept(rita: User, client: Client) -> None:
    sent = {"form_author": typed_by(rita, "x")["form_author"], "new_password1": "x", "other": "y"}
    assert client.post("/password/", sent).status_code == 302
    assert not Draft.objects.exists()


def test_no_plain_word_of_a_conduct_complaint_is_in_the_database(
    rita: User, client: Client
) -> None:
    kept(browser(rita), typed_by(rita, "complaint", **CONDUCT))
    client.post(NEW_COMPLAINT, typed_by(rita, "complaint", **CONDUCT))
    assert Draft.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"""SELECT count(*) FROM "{table}" AS row
                    WHERE row::text ILIKE '%%shouted%%'
                       OR row::text LIKE '%%' || encode('shouted', 'hex') || '%%'"""
            )
            assert cursor.fetchone() == (0,), table


def test_sending_the_form_ends_its_draft_in_the_same_transaction(
    rita: User, mug: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, sent = browser(rita), typed_by(rita, "order", **order_fields())
    kept(page, sent)
    refused = page.post(NEW_ORDER, sent | {"line-0-quantity": "0"})
    assert refused.status_code == 422
    assert Draft.objects.unfinished().exists()
    assert page.post(NEW_ORDER, sent | {"draft_version": "1"}).status_code == 302
    assert Order.objects.count() == 1
    assert not Draft.objects.unfinished().exists()
