"""Saving a draft while typing: versions, two windows, late saves and the bounds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from officeflow.drafts import actions
from officeflow.drafts.actions import DraftEnded, NewerDraft, end_draft, save_draft
from officeflow.drafts.encryption import decrypt, encrypt
from officeflow.drafts.models import Draft
from officeflow.drafts.queries import own_draft
from officeflow.errors import Refused
from officeflow.staff.models import User
from tests.drafts.typing import SAVE, browser, kept, typed_by
from tests.races import until_somebody_waits

pytestmark = pytest.mark.django_db


def save(author: User, text: str, *, key, version: int = 0, context: str = "", **how):  # type: ignore[no-untyped-def]
    return save_draft(
        actor=author,
        key=key,
        form="answer" if context else "order",
        context=context,
        address="",
        fields=[("note", text)],
        version=version,
        **how,
    )


def text_of(author: User, key) -> str:  # type: ignore[no-untyped-def]
    found = own_draft(author, key)
    assert found is not None
    return found.fields["note"]


@given(value=st.lists(st.lists(st.text(), max_size=4), max_size=4), author=st.integers(1, 2**31))
@settings(max_examples=30, deadline=None)
def test_what_is_encrypted_for_an_author_is_read_by_that_author_alone(value, author) -> None:  # type: ignore[no-untyped-def]
    content = encrypt(author, value)
    assert decrypt(author, content) == value
    assert decrypt(author + 1, content) is None


def test_a_draft_is_unreadable_without_the_secret_key_and_readable_after_its_rotation(
    rita: User, settings
) -> None:  # type: ignore[no-untyped-def]
    key, secret = uuid4(), settings.SECRET_KEY
    save(rita, "two mugs", key=key)
    settings.SECRET_KEY = "another secret of this office, long enough"
    assert own_draft(rita, key) is None
    settings.SECRET_KEY_FALLBACKS = [secret]
    assert text_of(rita, key) == "two mugs"


def test_each_save_of_a_page_follows_the_one_before(rita: User) -> None:
    key = uuid4()
    assert [save(rita, str(n), key=key, version=n).version for n in range(3)] == [1, 2, 3]
    assert text_of(rita, key) == "2"


def test_an_old_window_does_not_overwrite_a_newer_draft(rita: User) -> None:
    key = uuid4()
    save(rita, "first", key=key)
    save(rita, "newer", key=key, version=1)
    with pytest.raises(NewerDraft):
        save(rita, "old", key=key, version=1)
    assert text_of(rita, key) == "newer"
    # The same text is sent again after a reload: it has arrived already.
    assert save(rita, "newer", key=key, version=1).version == 2
    save(rita, "chosen", key=key, version=1, replace=True)
    assert text_of(rita, key) == "chosen"


def test_a_version_that_was_never_saved_is_refused_but_a_save_under_way_counts(rita: User) -> None:
    key, unsaved = uuid4(), uuid4()
    save(rita, "first", key=key)
    for version in (1 + actions.MOST_UNDER_WAY + 1, 999_999_999):
        with pytest.raises(NewerDraft):
            save(rita, "forged", key=key, version=version)
    # The last save of a page that is left overtakes the one before, which is refused then.
    assert save(rita, "last", key=key, version=2).version == 3
    with pytest.raises(NewerDraft):
        save(rita, "overtaken", key=key, version=1)
    assert text_of(rita, key) == "last"
    assert save(rita, "chosen", key=key, version=999_999_999, replace=True).version == 4
    assert save(rita, "new", key=unsaved, version=999_999_999).version == 1


def test_a_record_has_one_draft_of_a_form_and_a_new_record_several(rita: User) -> None:
    save(rita, "an order", key=uuid4())
    save(rita, "another order", key=uuid4())
    first, second = uuid4(), uuid4()
    save(rita, "an answer", key=first, context="TK-000001")
    with pytest.raises(NewerDraft):
        save(rita, "another answer", key=second, context="TK-000001")
    save(rita, "another answer", key=second, context="TK-000001", replace=True)
    assert own_draft(rita, first) is None
    assert Draft.objects.unfinished().count() == 3


def test_a_save_that_arrives_after_the_form_was_sent_brings_nothing_back(rita: User) -> None:
    saved, unsaved = uuid4(), uuid4()
    save(rita, "typed", key=saved)
    for key in (saved, unsaved):
        end_draft(actor=rita, key=key)
        with pytest.raises(DraftEnded):
            save(rita, "late", key=key, version=1)
    assert not Draft.objects.unfinished().exists()
    assert {bytes(draft.content) for draft in Draft.objects.all()} == {b""}


def test_a_page_whose_form_was_sent_gets_another_key(rita: User) -> None:
    sent = typed_by(rita, "order", note="typed")
    draft = kept(browser(rita), sent)
    end_draft(actor=rita, key=draft.key)
    answer = browser(rita).post(SAVE, sent | {"draft_version": "1"})
    assert answer.status_code == 410
    assert answer.json()["name"].startswith("order::")
    assert str(draft.key) not in answer.json()["name"]


def test_a_draft_is_bounded_in_size_and_number(rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused):
        save(rita, "x" * actions.MOST_CHARACTERS, key=uuid4())
    with pytest.raises(Refused):
        save_draft(
            actor=rita,
            key=uuid4(),
            form="order",
            context="",
            address="",
            fields=[("a", "")] * (actions.MOST_FIELDS + 1),
            version=0,
        )
    monkeypatch.setattr(actions, "MOST_DRAFTS", 1)
    oldest, newest = uuid4(), uuid4()
    save(rita, "first", key=oldest)
    save(rita, "second", key=newest)
    assert [each.key for each in Draft.objects.of(rita).unfinished()] == [newest]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"draft": "order::not-a-key"}, 400),
        ({"draft": f"unknown::{uuid4()}"}, 400),
        ({"draft": f"answer:{'x' * 41}:{uuid4()}"}, 400),
        ({"draft_version": "99999999999999"}, 200),
        ({"note": "x" * 200_001}, 422),
        ({"form_author": "1:forged"}, 401),
    ],
)
def test_hostile_saves_are_refused(rita: User, change: dict[str, str], status: int) -> None:
    answer = browser(rita).post(SAVE, typed_by(rita, "order", note="typed") | change)
    assert answer.status_code == status


def test_passwords_and_keys_of_the_page_are_not_kept(rita: User) -> None:
    sent = typed_by(rita, "order", note="typed", old_password="secret", csrfmiddlewaretoken="x")
    found = own_draft(rita, kept(browser(rita), sent).key)
    assert found is not None
    assert found.fields.dict() == {"note": "typed"}


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_that_save_at_once_one_wins_and_the_other_is_told(rita: User) -> None:
    def first_save(text: str) -> str:
        try:
            save(rita, text, key=uuid4(), context="TK-000001")
            return text
        except NewerDraft:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as windows:
        results = list(windows.map(first_save, "abcd"))
    assert sorted(results)[1:] == ["told"] * 3
    assert Draft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_save_waits_for_the_form_that_is_being_sent(rita: User) -> None:
    key = uuid4()

    def late() -> str:
        try:
            save(rita, "late", key=key)
            return "kept"
        except DraftEnded:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as window, transaction.atomic():
        end_draft(actor=rita, key=key)
        saving = window.submit(late)
        until_somebody_waits()
    assert saving.result(timeout=20) == "refused"
