"""A day's takings and till counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from backoffice.accounting.models import JournalEntry
from frontdesk.orders.actions.cancel import cancel_order
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from frontdesk.payments.actions.payments import pay_refund, take_payment
from frontdesk.payments.actions.tills import DifferenceUnexplained, count_till
from frontdesk.payments.models.payments import Refund
from frontdesk.payments.models.tills import TillCount
from frontdesk.payments.queries.takings import day_takings, drawer
from officeflow.catalogue.models import Product
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.errors import Conflict, Refused
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.staff.models import User
from tests.moments import Moment, any_day

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def order(rita: User, mug: Product) -> Order:
    return place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=D(10))])


@pytest.fixture
def takings(rita: User, ravi: User, order: Order) -> None:
    """Rita takes 30 in cash and 20 by card, Ravi 5 in cash."""
    take_payment(actor=rita, order=order, amount=D(30), method="cash")
    take_payment(actor=rita, order=order, amount=D(20), method="card")
    take_payment(actor=ravi, order=order, amount=D(5), method="cash")


def count(actor: User, office: Office, counted: str, **values: object) -> TillCount:
    return count_till(
        actor=actor,
        office=office,
        site=office.main_site,
        day=office_date(office=office),
        counted=D(counted),
        **{"opening_float": D(50), **values},  # type: ignore[arg-type]
    )


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@any_day
def test_a_day_is_summed_by_method_and_person(
    moment: Moment, office: Office, takings: None, rita: User
) -> None:
    day = day_takings(office, moment.day)
    assert {row.label: (row.count, row.net) for row in day.methods} == {
        "Cash": (2, D(35)),
        "Card": (1, D(20)),
    }
    assert [(str(each.person), each.total.net) for each in day.people] == [
        ("Ravi Receptionist", D(5)),
        ("Rita Receptionist", D(50)),
    ]
    assert day.total.net == D(55)
    assert day_takings(office, day.day, of=rita).total.net == D(50)
    assert day_takings(office, day.day - timedelta(days=1)).total.count == 0


def test_a_count_without_a_difference_needs_no_note(
    office: Office, takings: None, rita: User, drain: Callable[[], int]
) -> None:
    found = count(rita, office, "85")
    assert (found.expected, found.difference) == (D(85), D(0))
    drain()
    assert not JournalEntry.objects.filter(kind="till_count").exists()


def test_a_difference_needs_a_note_and_is_booked(
    office: Office, takings: None, rita: User, drain: Callable[[], int]
) -> None:
    with pytest.raises(DifferenceUnexplained) as unexplained:
        count(rita, office, "82")
    assert unexplained.value.field == "note"
    assert not TillCount.objects.exists()
    found = count(rita, office, "82", note="A note was torn")
    drain()
    assert JournalEntry.objects.get(document=found.number).postings.count() == 2


def test_a_wrong_count_is_corrected_by_another_count(
    office: Office, takings: None, rita: User, maya: User, drain: Callable[[], int]
) -> None:
    wrong = count(rita, office, "82", note="Torn")
    right = count(maya, office, "85", corrects=wrong)
    drain()
    assert right.corrects == wrong
    sums = JournalEntry.objects.get(document=right.number)
    assert sums.reverses.document == wrong.number
    with pytest.raises(Conflict):
        count(rita, office, "85", corrects=wrong)


def test_of_two_first_counts_of_a_day_one_wins(
    office: Office, takings: None, rita: User, ravi: User
) -> None:
    count(rita, office, "85")
    with pytest.raises(Conflict, match="Rita Receptionist"):
        count(ravi, office, "85")


def test_a_count_is_never_changed(office: Office, takings: None, rita: User) -> None:
    count(rita, office, "85")
    with pytest.raises(DatabaseError), transaction.atomic():
        TillCount.objects.update(counted=D(1))


@pytest.mark.parametrize("amount", ["-1", "NaN", "1.005", "1e30"])
def test_an_invalid_amount_is_refused(office: Office, rita: User, amount: str) -> None:
    with pytest.raises(Refused) as refused:
        count(rita, office, amount)
    assert refused.value.field == "counted"


def test_the_largest_differences_are_booked(
    office: Office, takings: None, rita: User, drain: Callable[[], int]
) -> None:
    largest = "99999999999999.99"
    first = count(rita, office, largest, note="Found")
    nearly = D(largest) - 35
    count(rita, office, "0", note="Lost", opening_float=nearly, corrects=first)
    drain()
    assert not Handoff.objects.exclude(state=HandoffState.APPLIED).exists()


def test_a_float_that_no_drawer_holds_is_refused(office: Office, takings: None, rita: User) -> None:
    largest = "99999999999999.99"
    with pytest.raises(Refused, match="Check the opening float"):
        count(rita, office, "0", note="Lost", opening_float=D(largest))
    day = office_date(office=office).isoformat()
    sent = {"opening_float": largest, "counted": "1", "note": "Lost", "idempotency_key": "one"}
    answer = browser(rita).post(f"/desk/till/{day}/count/", sent)
    assert answer.status_code == 422
    assert "Check the opening float" in answer.content.decode()


def test_a_day_before_the_first_payment_cannot_be_counted(
    office: Office, takings: None, rita: User
) -> None:
    long_ago = office_date() - timedelta(days=30)
    with pytest.raises(Refused, match="No money was taken"):
        count_till(
            actor=rita,
            office=office,
            site=office.main_site,
            day=long_ago,
            opening_float=D(0),
            counted=D(50),
            note="Found it",
        )
    address = f"/desk/till/{long_ago.isoformat()}/"
    assert f"{address}count/" not in browser(rita).get(address).content.decode()
    assert browser(rita).get(f"{address}count/").status_code == 404


@any_day
def test_a_future_day_cannot_be_counted(moment: Moment, office: Office, rita: User) -> None:
    with pytest.raises(Refused):
        count_till(
            actor=rita,
            office=office,
            site=office.main_site,
            day=moment.day + timedelta(days=1),
            opening_float=D(0),
            counted=D(0),
        )
    assert browser(rita).get("/desk/till/9999-12-31/count/").status_code == 404


@any_day
def test_users_see_their_own_takings_and_managers_all(
    moment: Moment, office: Office, takings: None, rita: User, ravi: User, maya: User, amir: User
) -> None:
    assert browser(ravi).get("/desk/till/").context["takings"].total.net == D(5)
    for everybody in (maya, amir):
        page = browser(everybody).get("/desk/till/")
        assert page.context["takings"].total.net == D(55)
        assert "Rita Receptionist" in page.content.decode()
    assert "Rita Receptionist" not in browser(ravi).get("/desk/till/").content.decode()


def test_the_page_saves_one_count_and_keeps_typed_values(
    office: Office, takings: None, rita: User
) -> None:
    client = browser(rita)
    address = f"/desk/till/{office_date(office=office).isoformat()}/count/"
    data = {"idempotency_key": "k1", "corrects": "", "opening_float": "50", "counted": "82"}
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert "£3.00 less" in refused.content.decode()
    assert 'value="82"' in refused.content.decode()
    # What should be there follows the typed float, in the answer and while one types.
    assert refused.context["drawer"].opening_float == D(50)
    typing = client.get(address, {"opening_float": "60", "site": ""})
    assert typing.context["drawer"].opening_float == D(60)
    assert client.get(address, {"opening_float": "6x"}).context["drawer"].opening_float == D(0)
    for _twice in range(2):
        assert client.post(address, data | {"note": "Torn"}).status_code == 302
    assert TillCount.objects.count() == 1
    # Somebody else's page is older: it says so instead of counting again.
    other = client.post(address, data | {"idempotency_key": "k2", "note": "Torn"}, follow=True)
    assert "has already counted this day" in other.content.decode()
    assert TillCount.objects.count() == 1


def test_cash_taken_after_the_count_is_shown(
    office: Office, takings: None, rita: User, order: Order
) -> None:
    count(rita, office, "85")
    assert "Cash has changed since" not in browser(rita).get("/desk/till/").content.decode()
    take_payment(actor=rita, order=order, amount=D(1), method="cash")
    assert "Cash has changed since" in browser(rita).get("/desk/till/").content.decode()
    assert drawer(office, office.main_site, office_date(office=office)).cash == D(36)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/desk/till/nonsense/", 404),
        ("/desk/till/0001-01-01/", 404),
        ("/desk/till/0001-01-01/count/", 404),
        ("/desk/till/1970-01-01/", 200),
        ("/desk/till/?day=nonsense", 200),
        ("/desk/till/?day=2026-03-02", 302),
    ],
)
def test_a_malformed_address_has_an_answer(
    office: Office, rita: User, address: str, status: int
) -> None:
    assert browser(rita).get(address).status_code == status


def test_more_payments_need_no_more_queries(
    office: Office,
    rita: User,
    order: Order,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = browser(rita)
    for _ in range(5):
        take_payment(actor=rita, order=order, amount=D(1), method="cash")
    client.get("/desk/till/")
    with django_assert_max_num_queries(18):
        client.get(f"/desk/till/{date.today().isoformat()}/")


def test_the_page_and_the_count_expect_the_same_whoever_looks(
    office: Office, takings: None, rita: User, ravi: User, amir: User
) -> None:
    day = office_date(office=office).isoformat()
    for person in (rita, ravi, amir):
        for address in (f"/desk/till/{day}/", f"/desk/till/{day}/count/"):
            shown = browser(person).get(address).context["drawer"]
            assert (shown.taken, shown.given_back, shown.expected) == (D(35), D(0), D(35))
    counted = count(rita, office, "85")
    for person in (rita, ravi, amir):
        page = browser(person).get(f"/desk/till/{day}/")
        assert page.context["drawer"].expected == counted.expected == D(85)


def test_a_drawer_never_holds_less_than_nothing(
    office: Office, rita: User, mug: Product, drain: Callable[[], int]
) -> None:
    order = place_order(actor=rita, customer=None, lines=[NewLine(product=mug, quantity=D(1))])
    take_payment(actor=rita, order=order, amount=D(12), method="card")
    cancel_order(actor=rita, order=order, reason="Changed her mind")
    drain()
    pay_refund(actor=rita, refund=Refund.objects.get(), method="cash")
    values = {"actor": rita, "office": office, "site": office.main_site}
    with pytest.raises(Refused, match=r"£12\.00") as refused:
        count_till(**values, day=office_date(office=office), opening_float=D(0), counted=D(0))  # type: ignore[arg-type]
    assert refused.value.field == "opening_float"
    page = browser(rita).get(f"/desk/till/{office_date(office=office).isoformat()}/count/")
    assert 'value="12.00"' in page.content.decode()
    assert "at least £12.00 was in the drawer" in browser(rita).get("/desk/till/").content.decode()
