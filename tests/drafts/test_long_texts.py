"""Texts that are too long: what was too long is said, nothing is saved, the draft stays."""

from __future__ import annotations

import pytest
from django.conf import settings

from frontdesk.complaints.models import Complaint
from officeflow.drafts.models import Draft
from officeflow.staff.models import User
from tests.drafts.typing import NEW_COMPLAINT, SAVE, browser, kept, typed_by

pytestmark = pytest.mark.django_db
LONG = "ß" * 200_000  # six bytes each on the wire


def test_several_long_texts_are_each_named_beside_their_field(rita: User) -> None:
    client = browser(rita)
    draft = kept(client, typed_by(rita, "complaint", description="short"))
    sent = typed_by(rita, "complaint", key=draft.key, version=1, category="goods") | dict.fromkeys(
        ["description", "desired_outcome", "customer_name"], LONG
    )
    answer = client.post(NEW_COMPLAINT, sent)
    assert answer.status_code == 422
    assert {"description", "desired_outcome"} <= set(answer.context["form"].errors)
    assert Draft.objects.unfinished().get() == draft


def test_a_form_that_is_too_long_as_a_whole_says_so_and_its_draft_stays(rita: User) -> None:
    client = browser(rita)
    kept(client, typed_by(rita, "complaint", description="short"))
    sent = typed_by(rita, "complaint", category="goods", description="x")
    sent["note"] = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = client.post(NEW_COMPLAINT, sent)
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "Nothing was saved" in page
    assert "8 MB" in page
    assert not Complaint.objects.exists()
    assert Draft.objects.unfinished().count() == 1
    draft = client.post(SAVE, sent, headers={"Accept": "application/json"})
    assert "too long" in draft.json()["detail"]


def test_a_form_with_too_many_fields_says_so(rita: User) -> None:
    sent = {f"line-{number}-sku": "" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)}
    answer = browser(rita).post(NEW_COMPLAINT, sent | typed_by(rita, "complaint"))
    assert answer.status_code == 413
    assert "5,000 fields" in answer.content.decode()
