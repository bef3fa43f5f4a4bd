"""Searching orders by text with unusual digits."""

from __future__ import annotations

import pytest

from frontdesk.orders.queries.orders import search_orders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["²", "SO-²", "so ①", "SO-" + "9" * 5000])
def test_text_that_is_not_a_number_finds_no_order(office: object, typed: str) -> None:
    assert list(search_orders(typed)) == []
