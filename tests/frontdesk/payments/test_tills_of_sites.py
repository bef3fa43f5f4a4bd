"""Each site has its own till: the browser chooses the site and remembers it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format
from rest_framework.test import APIClient

from frontdesk.complaints.models import Complaint
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.payments.actions.corrections import correct_payment_method
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.actions.tills import count_till
from frontdesk.payments.models.payments import Payment, Refund
from frontdesk.payments.models.tills import TillCount
from frontdesk.payments.queries.takings import day_takings, drawer
from officeflow.catalogue.models import Product
from officeflow.company.actions import add_site, change_site
from officeflow.company.models import Office, Site
from officeflow.company.queries import office_date
from officeflow.errors import Refused
from officeflow.handoff.contracts import OrderPlaced
from officeflow.handoff.models import Handoff
from officeflow.staff.models import User
from tests.drafts.typing import NEW_COMPLAINT, NEW_ORDER, browser, order_fields, typed_by

pytestmark = pytest.mark.django_db
TILL = "/desk/till/"


@pytest.fixture
def harbour(ada: User, office: Office) -> Site:
    return add_site(actor=ada, code="HARBOUR", name="Harbour shop")


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=D(10))])


def works_at(client: Client, site: str, day: str = "") -> None:
    answer = client.post(f"{TILL}site/", {"site": site, "day": day})
    assert answer.status_code == 302


def test_money_lies_in_the_drawer_of_the_site_at_which_it_was_taken(
    rita: User, office: Office, harbour: Site, order: Order
) -> None:
    take_payment(actor=rita, order=order, amount=D(30), method="cash")
    take_payment(actor=rita, order=order, amount=D(20), method="cash", site=harbour)
    refund = Refund.objects.create(
        number="RF-1", order=order, amount=D(5), credit_note_number="CN-1", due_at=order.ordered_at
    )
    pay_refund(actor=rita, refund=refund, method="cash", site=harbour)
    today = office_date(office=office)
    assert drawer(office, office.main_site, today).cash == D(30)
    assert drawer(office, harbour, today).cash == D(15)
    assert day_takings(office, today, site=harbour).total.net == D(15)
    assert day_takings(office, today).total.net == D(45)
    # Money from before sites were kept with it lies at the site of its order.
    Payment.objects.update(site=None)
    assert drawer(office, office.main_site, today).taken == D(50)


def test_a_browser_works_at_the_site_that_it_chose_and_remembers_it(
    rita: User, harbour: Site, mug: Product, order: Order
) -> None:
    client = browser(rita)
    assert "Harbour shop" in client.get(TILL).content.decode()
    works_at(client, "HARBOUR")
    client.post(NEW_ORDER, typed_by(rita, "order", **order_fields()))
    placed = Order.objects.latest("pk")
    assert placed.site == harbour
    posted = Handoff.objects.filter(contract=OrderPlaced.__name__, subject=placed.number)
    assert {each.payload["site_code"] for each in posted} == {"HARBOUR"}
    client.post(f"/desk/orders/{order.number}/pay/", {"amount": "12.00", "method": "cash"})
    assert order.payments.get().site == harbour
    said = {"category": "goods", "severity": "normal", "description": "It is chipped"}
    client.post(NEW_COMPLAINT, typed_by(rita, "complaint", **said))
    assert Complaint.objects.get().site == harbour
    # Whoever signs in next at this counter works there too.
    client.post("/sign-out/")
    client.force_login(rita)
    assert client.get(TILL).context["site"] == harbour
    assert client.get(TILL).context["drawer"].taken == D(12)


def test_a_count_is_of_the_site_that_was_on_the_page(
    rita: User, office: Office, harbour: Site, order: Order
) -> None:
    client = browser(rita)
    day = office_date(office=office).isoformat()
    works_at(client, "HARBOUR", day)
    page = client.get(f"{TILL}{day}/count/")
    assert page.context["form"]["site"].value() == "HARBOUR"
    works_at(client, "MAIN", day)
    sent = {
        "site": "HARBOUR",
        "corrects": "",
        "opening_float": "50",
        "counted": "50",
        "idempotency_key": "one",
    }
    answer = client.post(f"{TILL}{day}/count/", sent)
    assert TillCount.objects.get().site == harbour
    shown = client.get(answer.headers["Location"])
    assert shown.context["count"].site == shown.context["site"] == harbour
    again = f"{TILL}{day}/count/?site=HARBOUR"
    assert again in shown.text
    assert client.get(again).context["form"]["site"].value() == "HARBOUR"
    # The other site's drawer has not been counted.
    assert client.get(f"{TILL}{day}/").context["count"] is None


def test_one_site_is_not_chosen_and_a_closed_one_is_no_longer_worked_at(
    rita: User, ada: User, office: Office
) -> None:
    client = browser(rita)
    assert not client.get(TILL).context["sites"]
    harbour = add_site(actor=ada, code="HARBOUR", name="Harbour shop")
    works_at(client, "HARBOUR")
    change_site(
        actor=ada, site=harbour, version=1, name="Harbour shop", address="", is_active=False
    )
    assert client.get(TILL).context["site"] == office.main_site
    works_at(client, "HARBOUR", "not a day")
    assert client.get(TILL).context["site"] == office.main_site


def test_a_site_stays_in_use_while_cash_in_its_drawer_has_not_been_counted(
    rita: User, ada: User, office: Office, harbour: Site, order: Order
) -> None:
    today = office_date(office=office)
    closed = {"actor": ada, "site": harbour, "version": 1, "name": "Harbour shop", "address": ""}

    def count(amount: int, corrects: TillCount | None = None) -> TillCount:
        return count_till(
            actor=rita,
            office=office,
            site=harbour,
            day=today,
            opening_float=D(50),
            counted=D(amount),
            corrects=corrects,
        )

    take_payment(actor=rita, order=order, amount=D(20), method="cash", site=harbour)
    with pytest.raises(Refused, match=r"Count the till of Harbour shop first: .*20\.00") as refused:
        change_site(**closed, is_active=False)
    assert date_format(today) in str(refused.value.message)
    first = count(70)
    take_payment(actor=rita, order=order, amount=D(5), method="cash", site=harbour)
    with pytest.raises(Refused, match=r"75\.00"):
        change_site(**closed, is_active=False)
    count(75, first)
    assert not change_site(**closed, is_active=False).is_active


def close(ada: User, site: Site) -> Site:
    site.refresh_from_db()
    return change_site(
        actor=ada,
        site=site,
        version=site.version,
        name=site.name,
        address=site.address,
        is_active=False,
    )


def test_every_day_without_a_count_keeps_a_site_in_use(
    rita: User, ada: User, office: Office, harbour: Site, order: Order
) -> None:
    today = office_date(office=office)
    yesterday = today - timedelta(days=1)

    def count(day: date, amount: int) -> None:
        count_till(
            actor=rita, office=office, site=harbour, day=day, opening_float=D(0), counted=D(amount)
        )

    early = take_payment(actor=rita, order=order, amount=D(20), method="cash", site=harbour)
    Payment.objects.filter(pk=early.pk).update(taken_at=early.taken_at - timedelta(days=1))
    take_payment(actor=rita, order=order, amount=D(5), method="cash", site=harbour)
    take_payment(actor=rita, order=order, amount=D(2), method="card", site=harbour)
    with pytest.raises(Refused, match=r"on 2 days, first .*20\.00") as refused:
        close(ada, harbour)
    assert date_format(yesterday) in str(refused.value.message)
    count(today, 5)
    with pytest.raises(Refused, match=r"20\.00"):
        close(ada, harbour)
    count(yesterday, 20)
    assert not close(ada, harbour).is_active


def test_no_cash_goes_into_or_out_of_the_drawer_of_a_closed_site(
    rita: User, ada: User, office: Office, harbour: Site, order: Order
) -> None:
    Order.objects.filter(pk=order.pk).update(site=harbour)
    by_card = take_payment(actor=rita, order=order, amount=D(20), method="card")
    refund = Refund.objects.create(
        number="RF-1", order=order, amount=D(5), credit_note_number="CN-1", due_at=order.ordered_at
    )
    close(ada, harbour)
    for move in (
        lambda: take_payment(actor=rita, order=order, amount=D(1), method="cash"),
        lambda: pay_refund(actor=rita, refund=refund, method="cash"),
        lambda: correct_payment_method(
            actor=rita, payment=by_card, from_method="card", method="cash", reason="Was cash"
        ),
    ):
        with pytest.raises(Refused, match="Harbour shop is no longer in use"):
            move()
    # What does not touch the drawer goes on, and a browser works at another site.
    take_payment(actor=rita, order=order, amount=D(1), method="card")
    client = browser(rita)
    client.post(f"/desk/orders/{order.number}/pay/", {"amount": "2.00", "method": "cash"})
    assert Payment.objects.latest("pk").site == office.main_site
    assert drawer(office, harbour, office_date(office=office)).cash == 0


def test_cash_over_the_api_goes_into_the_drawer_that_it_names(
    rita: User, ada: User, office: Office, harbour: Site, order: Order
) -> None:
    Order.objects.filter(pk=order.pk).update(site=harbour)
    close(ada, harbour)
    client = APIClient()
    client.force_authenticate(rita)
    url = f"/api/v1/orders/{order.number}/payments/"
    cash = {"amount": "5.00", "method": "cash"}

    def send(**body: str) -> Any:
        headers = {"Idempotency-Key": body.get("site", "none")}
        return client.post(url, {**cash, **body}, format="json", headers=headers)

    refused = send()
    assert refused.status_code == 400
    assert "Harbour shop is no longer in use" in refused.content.decode()
    assert send(site="HARBOUR").status_code == 400
    assert send(site="MAIN").status_code == 201
    assert Payment.objects.get().site == office.main_site


def test_the_pages_name_the_drawer_where_there_are_several(
    rita: User, harbour: Site, order: Order
) -> None:
    client = browser(rita)
    works_at(client, "HARBOUR")
    url = f"/desk/orders/{order.number}/pay/"
    assert "into the drawer of Harbour shop" in client.get(url).text
    Site.objects.exclude(pk=harbour.pk).update(is_active=False)
    assert "into the drawer of" not in client.get(url).text
