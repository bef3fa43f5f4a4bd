"""Live parts and `If-None-Match`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.staff.models import User
from officeflow.ui.live import conditional_response, entity_tag, refresh
from tests.factories import make_product

TAG = '"abc"'


def _never() -> HttpResponse:
    raise AssertionError("nothing is drawn for a version that the browser has")


@pytest.mark.parametrize("header", [TAG, f"W/{TAG}", f'"x", {TAG}', f'W/"x",W/{TAG}', "*"])
def test_an_unchanged_version_answers_304(rf: RequestFactory, header: str) -> None:
    response = conditional_response(rf.get("/", headers={"If-None-Match": header}), TAG, _never)
    assert response.status_code == 304
    assert response.headers["ETag"] == TAG
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("header", ["", '"x"', "abc", f"{TAG}x", "W/", '"x", "y"'])
def test_a_changed_version_is_sent(rf: RequestFactory, header: str) -> None:
    response = conditional_response(
        rf.get("/", headers={"If-None-Match": header}), TAG, lambda: HttpResponse("new")
    )
    assert response.status_code == 200
    assert response.headers["ETag"] == TAG


def test_the_partial_has_the_version_that_was_read_before_it(rf: RequestFactory) -> None:
    context = {"at": datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "version": '"later"'}
    response = refresh(rf.get("/"), "styleguide/clock.html", TAG, lambda: context)
    assert response.status_code == 200
    assert "later" not in response.content.decode()


def test_a_tag_changes_with_its_parts_and_the_language() -> None:
    tag = entity_tag(1, "a")
    with translation.override("de"):
        assert entity_tag(1, "a") != tag
    assert tag == entity_tag(1, "a") != entity_tag(1, "b")


@pytest.mark.django_db
def test_the_number_in_the_navigation_follows_a_part_that_changed(rita: User) -> None:
    browser = Client()
    browser.force_login(rita, backend="django.contrib.auth.backends.ModelBackend")
    number = 'id="count-frontdesk-counter"'
    assert f'<span class="count" {number}></span>' in browser.get("/desk/").content.decode()
    order = place_order(
        actor=rita,
        customer=None,
        lines=[NewLine(product=make_product("MUG", "Blue mug", "12.00"), quantity=Decimal(1))],
    )
    Order.objects.filter(pk=order.pk).update(fulfilment_state="ready")
    part = browser.get("/desk/now/")
    assert f'<span class="count" {number} hx-swap-oob="true">1</span>' in part.content.decode()
    unchanged = browser.get("/desk/now/", headers={"If-None-Match": part["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
