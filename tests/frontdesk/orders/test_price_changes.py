"""A price or tax rate that changes while an order is typed is said before it is placed."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine, PricesChanged, SeenPrice
from frontdesk.orders.forms import SEEN, LineForm
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product
from officeflow.staff.models import User
from tests.factories import make_product
from tests.frontdesk.orders.test_order_new_page import NEW, form_data

pytestmark = pytest.mark.django_db
TOTALS = "/desk/orders/totals/"


def seen_in(page: str, number: int = 0) -> str:
    """Returns what the page would send as seen in a line."""
    match = re.search(rf'name="line-{number}-seen"\s+value="([^"]*)"', page)
    return match[1] if match else ""


def shown(desk: Client, *lines: dict[str, str]) -> list[dict[str, str]]:
    """Returns the lines with the prices that the page shows for them."""
    page = desk.post(TOTALS, form_data(*lines)).content.decode()
    return [line | {"seen": seen_in(page, number)} for number, line in enumerate(lines)]


def data_of(lines: list[dict[str, str]]) -> dict[str, str]:
    seen = {f"line-{number}-seen": line["seen"] for number, line in enumerate(lines)}
    return form_data(*lines, **seen)


def test_a_changed_price_is_said_with_both_figures_and_placing_again_accepts_it(
    desk: Client, mug: Product, book: Product
) -> None:
    lines = shown(desk, {"sku": "MUG", "quantity": "3", "discount": "10"}, {"sku": "BOOK"})
    Product.objects.filter(sku="MUG").update(price="12.50")
    data = data_of(lines) | {"note": "Ring twice"}
    refused = desk.post(NEW, data)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert not Order.objects.exists()
    assert "The price of Blue mug is now £12.50 (was £12.00)." in page
    assert "The total is now £43.74." in page
    assert "Book" not in "".join(refused.context["form"].price_changes)
    assert "Ring twice" in page
    placed = desk.post(NEW, data | {"line-0-seen": seen_in(page), "line-1-seen": seen_in(page, 1)})
    assert placed.status_code == 302
    assert Order.objects.get().gross == Decimal("43.74")


def test_a_changed_tax_rate_is_said_although_the_total_is_the_same(
    desk: Client, mug: Product
) -> None:
    lines = shown(desk, {"sku": "MUG"})
    rate = make_product("OTHER", "Other", "1.00", rate="0.0500").tax_rate
    Product.objects.filter(sku="MUG").update(tax_rate=rate)
    page = desk.post(NEW, data_of(lines)).content.decode()
    assert "The tax rate of Blue mug is now 5% (was 20%)." in page
    assert not Order.objects.exists()


def test_prices_that_now_have_no_tax_are_said(desk: Client, mug: Product) -> None:
    lines = shown(desk, {"sku": "MUG"})
    mug.price_list.includes_tax = False
    mug.price_list.save()
    page = desk.post(NEW, data_of(lines)).content.decode()
    assert "is now £12.00 without tax (was £12.00 with tax)." in page
    assert "The total is now £14.40." in page


def test_a_change_stays_marked_while_the_form_is_edited(desk: Client, mug: Product) -> None:
    lines = shown(desk, {"sku": "MUG"})
    Product.objects.filter(sku="MUG").update(price="12.50")
    page = desk.post(TOTALS, data_of(lines)).content.decode()
    assert "£12.50" in page
    assert "was £12.00" in page
    assert seen_in(page) == lines[0]["seen"]
    # The other product of a line has its own price.
    book = make_product("BOOK", "Book", "9.99")
    page = desk.post(TOTALS, data_of([lines[0] | {"sku": book.sku}])).content.decode()
    assert "was" not in page


def test_a_changed_quantity_is_no_changed_price(desk: Client, mug: Product) -> None:
    (line,) = shown(desk, {"sku": "MUG"})
    assert desk.post(NEW, data_of([line | {"quantity": "5"}])).status_code == 302


@pytest.mark.parametrize(
    "seen", ["", "MUG", "MUG|NaN|0.2|with", "MUG|-1|0.2|with", "MUG|12|7|with", "|||", "x" * 119]
)
def test_a_meaningless_price_is_ignored(desk: Client, mug: Product, seen: str) -> None:
    data = form_data({"sku": "MUG"}) | {"line-0-seen": seen}
    assert desk.post(NEW, data).status_code == 302


@given(
    st.text(
        min_size=1, max_size=40, alphabet=st.characters(codec="ascii", exclude_categories=["C"])
    ),
    st.decimals(0, Decimal("99999999999999"), places=4),
    st.decimals(0, Decimal("0.999999"), places=6),
    st.booleans(),
)
def test_a_price_on_display_is_read_back(
    sku: str, price: Decimal, rate: Decimal, has_tax: bool
) -> None:
    text = LineForm.written(sku, SeenPrice(unit_price=price, tax_rate=rate, includes_tax=has_tax))
    match = SEEN.fullmatch(text)
    assert match is not None
    assert (match["sku"], Decimal(match["unit_price"]), Decimal(match["tax_rate"])) == (
        sku,
        price,
        rate,
    )


def test_a_total_other_than_expected_places_nothing(rita: User, mug: Product) -> None:
    line = NewLine(product=mug, quantity=Decimal(2))
    with pytest.raises(PricesChanged, match=r"The total is now £24.00 \(was £22.00\)."):
        place_order(actor=rita, customer=None, lines=[line], expected_total=Decimal(22))
    assert not Order.objects.exists()
    order = place_order(actor=rita, customer=None, lines=[line], expected_total=Decimal(24))
    assert order.gross == Decimal(24)
