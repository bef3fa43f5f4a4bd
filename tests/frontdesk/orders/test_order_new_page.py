"""The page on which an order is placed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from frontdesk.customers.models import Customer
from frontdesk.orders.models import Order
from officeflow.catalogue.models import Product

pytestmark = pytest.mark.django_db
NEW = "/desk/orders/new/"


def form_data(*lines: dict[str, str], **head: str) -> dict[str, str]:
    data = {
        "customer": "",
        "customer_name": "",
        "delivery": "pick_up",
        "delivery_address": "",
        "wanted_by_date": "",
        "note": "",
        "idempotency_key": "key-1",
        "line-TOTAL_FORMS": str(len(lines)),
        "line-INITIAL_FORMS": "0",
        **head,
    }
    for number, line in enumerate(lines):
        for name, value in {"sku": "", "product": "", "quantity": "1", "discount": ""}.items():
            data[f"line-{number}-{name}"] = line.get(name, value)
    return data


def test_a_walk_in_order_is_placed_and_its_page_opens(desk: Client, mug: Product) -> None:
    answer = desk.post(NEW, form_data({"sku": "MUG", "product": "MUG Blue mug", "quantity": "3"}))
    order = Order.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("frontdesk:order", args=[order.number])
    assert order.customer is None
    assert order.gross == Decimal("36.00")


@pytest.mark.parametrize("typed", ["mug", "MUG", "Blue mug", "5012345678900"])
def test_a_product_is_found_by_code_barcode_or_name(desk: Client, mug: Product, typed: str) -> None:
    Product.objects.filter(pk=mug.pk).update(barcode="5012345678900")
    desk.post(NEW, form_data({"product": typed}))
    assert Order.objects.get().lines.get().sku == "MUG"


@pytest.mark.parametrize(
    ("typed", "said"), [("0", "more than 0"), ("999999999999", "Enter 99,999,999.999 or less")]
)
def test_an_invalid_quantity_is_refused_with_its_reason(
    desk: Client, mug: Product, typed: str, said: str
) -> None:
    page = desk.post(NEW, form_data({"sku": "MUG", "quantity": typed}))
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_form_sent_twice_places_one_order(desk: Client, mug: Product) -> None:
    first = desk.post(NEW, form_data({"sku": "MUG"}))
    second = desk.post(NEW, form_data({"sku": "MUG"}))
    assert Order.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_a_reused_key_must_be_confirmed_before_another_order(desk: Client, mug: Product) -> None:
    desk.post(NEW, form_data({"sku": "MUG"}))
    answer = desk.post(NEW, form_data({"sku": "MUG", "quantity": "2"}))
    assert answer.status_code == 422
    assert "already placed" in answer.content.decode()
    fresh = answer.context["form"]["idempotency_key"].value()
    assert fresh != "key-1"
    desk.post(NEW, form_data({"sku": "MUG", "quantity": "2"}, idempotency_key=fresh))
    assert Order.objects.count() == 2


def test_a_refused_form_keeps_everything_that_was_typed(
    desk: Client, mug: Product, nora: Customer
) -> None:
    answer = desk.post(
        NEW,
        form_data(
            {"sku": "MUG", "product": "MUG Blue mug", "quantity": "1,2,3", "discount": "7"},
            {"product": "unheard of", "quantity": "4"},
            customer=nora.number,
            customer_name=nora.name,
            delivery="delivery",
            delivery_address="1 High Street",
            note="Ring twice",
        ),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for typed in (nora.number, nora.name, "1,2,3", "unheard of", "1 High Street", "Ring twice"):
        assert typed in page
    assert 'value="7"' in page
    assert 'value="key-1"' in page
    assert "Enter a number" in page
    assert "This product is not sold here" in page
    assert Order.objects.count() == 0


def test_errors_of_the_action_are_shown_beside_their_fields(desk: Client, mug: Product) -> None:
    answer = desk.post(NEW, form_data({}, {"sku": "MUG", "quantity": "1.5"}))
    line = answer.context["lines"].filled[0]
    assert answer.status_code == 422
    assert line.prefix == "line-1"
    assert "by the piece" in line.errors["quantity"][0]


def test_an_order_without_lines_has_an_error(desk: Client, mug: Product) -> None:
    answer = desk.post(NEW, form_data({}, {}))
    assert answer.status_code == 422
    assert "Add at least one line" in answer.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"delivery": "pick_up"},
        {"line-0-quantity": "1"},
        {"line-99-sku": "MUG", "line-x-sku": "MUG", "delivery": "teleport"},
        {"line-TOTAL_FORMS": "4", "line-3-sku": "MUG", "delivery": "pick_up"},
        {"line-TOTAL_FORMS": "9" * 30, "line-INITIAL_FORMS": "0", "line-0-sku": "no such"},
        {"line-TOTAL_FORMS": "-1", "line-INITIAL_FORMS": "x", "line-0-sku": "MUG"},
        {"line-3-sku": "MUG", "line-3-quantity": "NaN", "delivery": "pick_up"},
        {"line-3-sku": "MUG", "line-3-quantity": "1e9", "delivery": "pick_up"},
        {"line-3-sku": "MUG", "line-3-quantity": "-1", "delivery": "pick_up"},
        {"line-3-sku": "MUG", "line-3-quantity": "9" * 40, "delivery": "pick_up"},
        {"wanted_by_date": "tomorrow", "delivery": "pick_up", "line-0-sku": "MUG"},
    ],
)
def test_an_incomplete_form_has_errors(desk: Client, mug: Product, data: dict[str, str]) -> None:
    answer = desk.post(NEW, data)
    assert answer.status_code == 422
    assert Order.objects.count() == 0


def test_hundreds_of_lines_keep_their_order(desk: Client, mug: Product, book: Product) -> None:
    lines = [{"sku": "MUG" if n % 2 else "BOOK", "quantity": str(n + 1)} for n in range(300)]
    desk.post(NEW, form_data(*lines))
    placed = list(Order.objects.get().lines.values_list("quantity", flat=True))
    assert placed == [Decimal(n + 1) for n in range(300)]


def test_too_many_lines_are_refused(desk: Client, mug: Product) -> None:
    answer = desk.post(NEW, form_data(*[{"sku": "MUG"} for _ in range(501)]))
    assert answer.status_code == 422
    assert "at most 500 lines" in answer.content.decode()


def test_a_decimal_comma_is_accepted(desk: Client, mug: Product) -> None:
    Product.objects.filter(pk=mug.pk).update(unit="kg")
    desk.post(NEW, form_data({"sku": "MUG", "quantity": "1,5", "discount": "2,5"}))
    line = Order.objects.get().lines.get()
    assert (line.quantity, line.discount_percent) == (Decimal("1.5"), Decimal("2.5"))


def test_a_new_customer_is_added_with_the_order(desk: Client, mug: Product) -> None:
    desk.post(
        NEW,
        form_data(
            {"sku": "MUG"},
            customer="new",
            customer_name="Émile Žižka",
            new_name="Émile Žižka",
            new_phone="020 7946 0001",
        ),
    )
    customer = Order.objects.get().customer
    assert customer is not None
    assert (customer.name, customer.phone) == ("Émile Žižka", "020 7946 0001")


def test_a_refused_order_adds_no_customer(desk: Client, mug: Product) -> None:
    answer = desk.post(
        NEW,
        form_data({"sku": "MUG", "quantity": "0"}, customer="new", new_name="Émile Žižka"),
    )
    assert answer.status_code == 422
    assert not Customer.objects.exists()


def test_a_new_customer_with_a_bad_address_is_refused_beside_the_field(
    desk: Client, mug: Product
) -> None:
    answer = desk.post(
        NEW, form_data({"sku": "MUG"}, customer="new", new_name="Émile", new_email="nowhere")
    )
    assert "e-mail address" in answer.context["form"].errors["new_email"][0]
    assert not Order.objects.exists()


def test_an_unknown_name_is_not_a_walk_in(desk: Client, mug: Product, nora: Customer) -> None:
    answer = desk.post(NEW, form_data({"sku": "MUG"}, customer_name="Nor"))
    assert answer.status_code == 422
    assert "add a new customer" in answer.context["form"].errors["customer_name"][0]
    assert "Add “Nor” as a new customer" in answer.content.decode()
    typed = form_data({"sku": "MUG"}, customer_name="Nor", **{"new-customer": "1"})
    form = desk.post(NEW, typed).context["form"]
    assert (form["customer"].value(), form["new_name"].value()) == ("new", "Nor")
    desk.post(NEW, form_data({"sku": "MUG"}, customer_name="nora nordmann"))
    assert Order.objects.get().customer == nora


def test_delivery_needs_an_address_and_a_future_day(desk: Client, mug: Product) -> None:
    answer = desk.post(NEW, form_data({"sku": "MUG"}, delivery="delivery"))
    assert answer.context["form"].errors["delivery_address"]
    day = (timezone.localdate() - timedelta(days=2)).isoformat()
    wrong = {"sku": "", "product": "no such thing", "quantity": "x", "discount": "120"}
    answer = desk.post(NEW, form_data(wrong, delivery="delivery", wanted_by_date=day))
    # All of it at once, so that nobody has to press the button for each.
    assert set(answer.context["form"].errors) == {"delivery_address", "wanted_by_date"}
    assert set(answer.context["lines"].forms[0].errors) == {"product", "quantity", "discount"}


def test_rows_are_added_and_removed_without_scripts(desk: Client, mug: Product) -> None:
    more = desk.post(NEW, form_data({"sku": "MUG"}) | {"add-line": "1"})
    assert [form.key for form in more.context["lines"].forms] == ["0", "1"]
    less = desk.post(NEW, form_data({"sku": "MUG"}, {}) | {"remove-line": "0"})
    assert [form.key for form in less.context["lines"].forms] == ["1"]
    assert not Order.objects.exists()


def test_totals_are_of_the_complete_lines(desk: Client, mug: Product, book: Product) -> None:
    answer = desk.post(
        "/desk/orders/totals/",
        form_data(
            {"sku": "MUG", "quantity": "2", "discount": "10"},
            {"sku": "BOOK", "quantity": "1"},
            {"sku": "MUG", "quantity": "many"},
        ),
    )
    page = answer.content.decode()
    assert "£31.59" in page  # 21.60 and 9.99
    assert "£3.60" in page  # the tax in 21.60
    assert 'id="line-0-total" hx-swap-oob="true">£21.60<' in page
    assert "One line is not complete yet" in page


def test_the_page_starts_with_the_given_customer(desk: Client, nora: Customer) -> None:
    Customer.objects.filter(pk=nora.pk).update(address="7 Fjord Lane")
    page = desk.get(NEW, {"customer": nora.number}).content.decode()
    assert "Nora Nordmann" in page
    assert 'data-address="7 Fjord Lane"' in page


def test_a_discount_is_typed_with_its_sign(desk: Client, mug: Product) -> None:
    desk.post(NEW, form_data({"sku": "MUG", "discount": "10%"}))
    assert Order.objects.get().lines.get().discount_percent == Decimal(10)


def test_an_error_names_its_line_and_the_line_keeps_its_price(desk: Client, mug: Product) -> None:
    lines = form_data({"sku": "MUG"}, {"sku": "MUG", "discount": "a tenth"})
    page = desk.post(NEW, lines).content.decode()
    assert "Line 2, Discount in percent: Enter a number" in " ".join(page.split())
    assert 'value="a tenth"' in page
    assert page.count("£12.00<span") == 2


def test_the_reason_is_said_beside_the_field_while_a_person_types(
    desk: Client, mug: Product
) -> None:
    lines = form_data({"sku": "MUG", "discount": "101"}, {"sku": "MUG", "quantity": ""}, {})
    page = desk.post("/desk/orders/totals/", lines).content.decode()
    beside = {
        number: page.split(f'id="id_line-{number}-error"')[1].split("</div>")[0]
        for number in ("0-quantity", "0-discount", "1-quantity", "2-quantity")
    }
    assert "100 or less" in beside.pop("0-discount")
    assert not any("field__error" in text for text in beside.values())


def test_an_order_begins_with_scanned_products(desk: Client, mug: Product, lamp: Product) -> None:
    page = desk.get(NEW, {"product": ["MUG", "LAMP", "MUG", "gone"]})
    rows = [(row["sku"].value(), row["quantity"].value()) for row in page.context["lines"]]
    assert rows == [("MUG", "2"), ("LAMP", "1"), ("gone", "1")]
    assert 'value="MUG Blue mug"' in page.content.decode()
