"""A draft is offered on its page, restored into the form, listed and discarded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from backoffice.tickets.models import Ticket
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.drafts.actions import delete_old_drafts, end_draft
from officeflow.drafts.models import Draft
from officeflow.staff.models import User
from tests.drafts.typing import NEW_ORDER, browser, kept, order_fields, typed_by
from tests.frontdesk.conftest import order  # noqa: F401 (a fixture)
from tests.tickets.conftest import ordered  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


def test_an_order_is_offered_again_and_restored_with_its_lines(
    rita: User, mug: Product, nora: Customer
) -> None:
    page = browser(rita)
    typed = order_fields(
        customer=nora.number,
        customer_name=nora.name,
        note="Wrap it",
        **{
            "line-TOTAL_FORMS": "3",
            "line-2-sku": "",
            "line-2-product": "lam",
            "line-2-quantity": "2",
            "line-2-discount": "",
        },
    )
    draft = kept(page, typed_by(rita, "order", **typed))
    offered = page.get(NEW_ORDER).content.decode()
    assert f"Order for {nora.name}" in offered
    assert "Wrap it" not in offered
    restored = page.get(f"{NEW_ORDER}?draft={draft.key}")
    assert restored.context["form"]["idempotency_key"].value() == "key-1"
    assert restored.context["form"]["note"].value() == "Wrap it"
    rows = [
        (line["product"].value(), line["quantity"].value()) for line in restored.context["lines"]
    ]
    assert rows == [("MUG Blue mug", "3"), ("lam", "2")]
    assert f"order::{draft.key}" in restored.content.decode()


def test_few_drafts_stand_above_the_form_and_say_what_is_in_them(rita: User, mug: Product) -> None:
    client = browser(rita)
    for note in range(4):
        kept(client, typed_by(rita, "order", **order_fields(note=str(note))))
    page = client.get(NEW_ORDER).content.decode()
    assert page.count('aria-label="Continue: Order for a walk-in: MUG Blue mug"') == 2
    assert "All drafts" in page


def test_a_restored_order_is_placed_once_from_two_windows(rita: User, mug: Product) -> None:
    page = browser(rita)
    sent = typed_by(rita, "order", **order_fields())
    kept(page, sent)
    first, second = page.post(NEW_ORDER, sent), page.post(NEW_ORDER, sent)
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize("unkeyed", [{"idempotency_key": ""}, {"idempotency_key": None}])
def test_a_draft_without_a_key_is_placed_once_from_two_windows(
    rita: User, mug: Product, unkeyed: dict[str, str | None]
) -> None:
    page = browser(rita)
    typed = {**order_fields(), **unkeyed}
    fields = {name: value for name, value in typed.items() if value is not None}
    draft = kept(page, typed_by(rita, "order", **fields))
    answers = []
    for _window in range(2):
        opened = page.get(f"{NEW_ORDER}?draft={draft.key}").context["form"]
        key = opened["idempotency_key"].value()
        answers.append((key, typed_by(rita, "order", key=draft.key, version=1, **fields)))
    places = {
        page.post(NEW_ORDER, {**sent, "idempotency_key": key}).headers["Location"]
        for key, sent in answers
    }
    assert len(places) == Order.objects.count() == 1


@pytest.mark.parametrize(("version", "left"), [(0, 1), (1, 0), (2, 0)])
def test_placing_ends_a_draft_whose_version_the_form_contains_and_no_newer_one(
    rita: User, mug: Product, version: int, left: int
) -> None:
    page, sent = browser(rita), typed_by(rita, "order", **order_fields(note="Wrap it"))
    kept(page, sent)
    assert page.post(NEW_ORDER, sent | {"draft_version": str(version)}).status_code == 302
    assert Draft.objects.unfinished().count() == left


def test_a_form_with_a_draft_is_not_kept_by_the_browser(rita: User) -> None:
    assert browser(rita).get(NEW_ORDER)["Cache-Control"] == "private, no-store"


def test_the_words_of_a_draft_can_be_read_when_its_page_takes_them_no_more(
    rita: User,
    ravi: User,
    order: Order,  # noqa: F811
) -> None:
    page = browser(rita)
    address = f"/desk/orders/{order.number}/cancel/"
    draft = kept(page, typed_by(rita, "cancel-order", order.number, reason="She changed her mind"))
    cancel_order(actor=ravi, order=order, reason="Already bought elsewhere")
    shown = page.get(f"{address}?draft={draft.key}", follow=True).content.decode()
    assert "She changed her mind" in shown
    assert "can no longer be cancelled" in shown
    assert browser(ravi).get(f"/drafts/{draft.key}/text/").status_code == 302
    page.post(f"/drafts/{draft.key}/discard/")
    assert not Draft.objects.unfinished().exists()


def test_a_form_that_was_sent_too_late_is_kept_and_shown(
    rita: User,
    ravi: User,
    order: Order,  # noqa: F811
) -> None:
    page = browser(rita)
    cancel_order(actor=ravi, order=order, reason="Already bought elsewhere")
    sent = typed_by(rita, "cancel-order", order.number, reason="She changed her mind")
    shown = page.post(f"/desk/orders/{order.number}/cancel/", sent, follow=True).content.decode()
    assert "She changed her mind" in shown
    assert Draft.objects.unfinished().count() == 1


@pytest.mark.parametrize("gone", ["sent", "a stranger's", "none"])
def test_a_draft_that_cannot_be_restored_leaves_an_empty_form_and_says_so(
    rita: User, ravi: User, mug: Product, gone: str
) -> None:
    author = ravi if gone == "a stranger's" else rita
    draft = kept(browser(author), typed_by(author, "order", note="Wrap it"))
    if gone == "sent":
        end_draft(actor=rita, key=draft.key)
    key = uuid4() if gone == "none" else draft.key
    shown = browser(rita).get(f"{NEW_ORDER}?draft={key}")
    assert shown.context["draft"].restored is None
    assert "sent or discarded already" in shown.content.decode()


def test_a_draft_opens_only_on_the_page_of_its_own_record(
    femi: User,
    ordered: Callable[..., Ticket],  # noqa: F811
) -> None:
    first, second = ordered(), ordered()
    page = browser(femi)
    draft = kept(page, typed_by(femi, "comment", first.number, text="Which shelf?"))
    here = page.get(f"/office/tickets/{first.number}/?draft={draft.key}").content.decode()
    there = page.get(f"/office/tickets/{second.number}/?draft={draft.key}").content.decode()
    assert ("Which shelf?" in here, "Which shelf?" in there) == (True, False)
    sent = typed_by(femi, "comment", first.number, version=1, key=draft.key, text="Which shelf?")
    page.post(f"/office/tickets/{first.number}/comment/", sent)
    assert not Draft.objects.unfinished().exists()


def test_the_list_shows_ones_own_drafts_and_discards_them_after_a_confirmation(
    rita: User, ravi: User
) -> None:
    draft = kept(browser(rita), typed_by(rita, "customer", name="Ada", note="Likes tea"))
    page = browser(rita)
    assert "Customer Ada" in page.get("/drafts/").content.decode()
    assert "Customer Ada" not in browser(ravi).get("/drafts/").content.decode()
    browser(ravi).post(f"/drafts/{draft.key}/discard/")
    asked = page.get(f"/drafts/{draft.key}/discard/").content.decode()
    assert "Likes tea" in asked
    assert Draft.objects.unfinished().exists()
    page.post(f"/drafts/{draft.key}/discard/")
    assert not Draft.objects.unfinished().exists()


def test_old_drafts_and_ended_ones_are_deleted(rita: User, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DRAFT_KEEP_DAYS = 14
    page, now = browser(rita), timezone.now()
    ages = {"old": (15, None), "young": (13, None), "sent": (2, now), "just sent": (0, now)}
    keys = {}
    for name, (days, ended_at) in ages.items():
        draft = kept(page, typed_by(rita, "order", note=name))
        if ended_at:
            end_draft(actor=rita, key=draft.key)
        Draft.objects.filter(pk=draft.pk).update(changed_at=now - timedelta(days=days))
        keys[draft.key] = name
    assert delete_old_drafts() == 2
    assert {keys[draft.key] for draft in Draft.objects.all()} == {"young", "just sent"}
