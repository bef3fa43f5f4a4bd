"""What a draft is called: by what is known, else by its kind and time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from officeflow.company.models import Office
from officeflow.drafts.queries import own_drafts
from officeflow.staff.models import User
from tests.drafts.typing import SAVE, browser, kept, order_fields, typed_by

pytestmark = pytest.mark.django_db
TIME = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize("form", ["order", "complaint"])
def test_a_search_alone_begins_no_draft_and_is_kept_in_one_that_exists(
    rita: User, office: Office, form: str
) -> None:
    searched = {"customer_name": "asdf", "line-0-product": "mug", "product": "mug", "delivery": "x"}
    sent = typed_by(rita, form, **searched)
    assert browser(rita).post(SAVE, sent).status_code == 204
    assert own_drafts(rita) == []
    kept(browser(rita), sent | {"customer": "CU-000001"})
    kept(browser(rita), sent | {"customer": "", "draft_version": "1"})
    (draft,) = own_drafts(rita)
    assert draft.fields["customer_name"] == "asdf"


@pytest.mark.parametrize(
    ("form", "fields", "title"),
    [
        ("order", {"wanted_by_date": "2026-12-01"}, "Order of 2:05 p.m."),
        ("order", {"note": " Wrap\nit "}, "Order of 2:05 p.m.: Wrap it"),
        (
            "order",
            order_fields(customer="CU-000001", customer_name="Nora"),
            "Order for Nora: MUG Blue mug",
        ),
        ("order", order_fields(customer_name="asdf"), "Order for a walk-in: MUG Blue mug"),
        ("order", {"customer": "CU-000001", "customer_name": "Nora"}, "Order for Nora"),
        ("order", {"customer": "new", "new_name": "Ada"}, "Order for Ada"),
        ("complaint", {"description": "Cracked"}, "Complaint of 2:05 p.m.: Cracked"),
        # A customer at the counter may see the list.
        ("complaint", {"description": "Rude", "category": "conduct"}, "Complaint of 2:05 p.m."),
        ("complaint", {"customer": "new", "new_name": "4006381333931"}, "Complaint of 2:05 p.m."),
        ("customer", {"name": "4006381333931"}, "New customer of 2:05 p.m."),
        ("customer", {"name": "Ada"}, "Customer Ada"),
    ],
)
def test_a_draft_is_called_by_what_is_known_of_it(
    rita: User, office: Office, form: str, fields: dict[str, str], title: str
) -> None:
    with time_machine.travel(TIME, tick=False):
        kept(browser(rita), typed_by(rita, form, **fields))
        assert [each.title for each in own_drafts(rita)] == [title]
    with time_machine.travel(TIME.replace(day=21), tick=False):
        (later,) = own_drafts(rita)
        assert later.title == title.replace("2:05", "11/20/2026 2:05")
