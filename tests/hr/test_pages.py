"""HR's pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backoffice.hr.models import CommissionRate, next_month, previous_month
from officeflow.company.queries import office_date
from officeflow.staff.models import User
from tests import orders
from tests.hr.conftest import deliver, sold
from tests.moments import Moment, any_day

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ALL = "/office/hr/commissions/"
MINE = "/office/hr/my-commissions/"
RATES = "/office/hr/commissions/rates/"
NEW_RATE = "/office/hr/commissions/rates/new/"
MARCH = "?month=2026-03"


def sign_in(client: Client, person: User) -> Client:
    client.force_login(person, backend=BACKEND)
    return client


def test_hr_sees_everybodys_commissions_with_sums_by_person(client, hanna, rita, ravi) -> None:
    sold(rita, "SO-000001", [orders.line("120.00")])
    sold(rita, "SO-000002", [orders.line("60.00")])
    sold(ravi, "SO-000003")
    page = sign_in(client, hanna).get(ALL + MARCH)
    assert [(p.full_name, p.orders, str(p.amount)) for p in page.context["people"]] == [
        ("Rita Receptionist", 2, "3.0000"),
        ("Ravi Receptionist", 1, "0.2000"),
    ]
    assert len(page.context["page"].rows) == 3
    # An order that was cancelled counts beside the orders, as its amounts are taken back.
    deliver(orders.order_cancelled("SO-000003", at=datetime(2026, 3, 20, 12, tzinfo=UTC)))
    page = client.get(ALL + MARCH)
    assert [(p.orders, p.cancelled, str(p.net)) for p in page.context["sums"]] == [
        (3, 1, "150.0000")
    ]


def test_hr_sees_one_persons_commissions(client, hanna, rita, ravi) -> None:
    sold(rita, "SO-000001")
    sold(ravi, "SO-000002")
    page = sign_in(client, hanna).get(f"{ALL}{MARCH}&person=ravi")
    assert [row.order_number for row in page.context["page"].rows] == ["SO-000002"]
    assert sign_in(client, hanna).get(f"{ALL}?person=nobody").status_code == 404


def test_a_person_sees_only_their_own_commissions(client, rita, ravi) -> None:
    sold(rita, "SO-000001")
    sold(ravi, "SO-000002")
    page = sign_in(client, rita).get(MINE + MARCH)
    assert [row.order_number for row in page.context["page"].rows] == ["SO-000001"]
    assert "SO-000002" not in page.content.decode()


def test_a_reversal_counts_in_the_month_of_the_cancellation(client, rita) -> None:
    sold(rita)
    deliver(orders.order_cancelled(at=datetime(2026, 4, 1, 12, tzinfo=UTC)))
    march = sign_in(client, rita).get(MINE + MARCH).context["sums"]
    april = client.get(f"{MINE}?month=2026-04").context["sums"]
    assert [str(each.amount) for each in (*march, *april)] == ["0.2000", "-0.2000"]


def test_links_lead_to_the_nearest_months_with_commissions(client, rita, ravi) -> None:
    sold(rita)  # in March
    sold(ravi, "SO-000002")
    deliver(orders.order_cancelled(at=datetime(2025, 1, 5, 12, tzinfo=UTC)))  # rita's
    page = sign_in(client, rita).get(MINE + MARCH).context
    assert page["earlier_url"] == f"{MINE}?month=2025-01"
    page = client.get(page["earlier_url"]).context
    assert (page["earlier_url"], page["later_url"]) == ("", MINE + MARCH)
    this_month = f"{office_date():%Y-%m}"
    assert client.get(MINE + MARCH).context["later_url"] == f"{MINE}?month={this_month}"


@any_day
def test_without_a_month_the_page_shows_the_offices_month(moment: Moment, client, rita) -> None:
    sold(rita, at=moment.at)
    page = sign_in(client, rita).get(MINE).context
    assert [row.order_number for row in page["page"].rows] == ["SO-000001"]
    assert page["later_url"] == page["earlier_url"] == ""


@pytest.mark.parametrize("who", ["rita", "femi", "wanda", "amir", "maya", "ada", "nils"])
@pytest.mark.parametrize("address", [ALL, RATES, NEW_RATE])
def test_only_hr_sees_all_commissions(client, request, who: str, address: str) -> None:
    assert sign_in(client, request.getfixturevalue(who)).get(address).status_code == 403


def test_the_technical_administrator_sees_nothing_of_hr(client) -> None:
    root = User.objects.create_superuser("root", "correct horse battery", full_name="Root")
    assert sign_in(client, root).get(ALL).status_code == 403


def test_the_pages_require_a_sign_in(client) -> None:
    answer = client.get(MINE)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "x-y", "0001-01", "9999-12", "-1-1"])
def test_a_malformed_month_shows_this_month(client, rita, month: str) -> None:
    assert sign_in(client, rita).get(f"{MINE}?month={month}").status_code == 200


def test_next_and_previous_months_are_consecutive() -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert previous_month(date(2026, 1, 1)) == date(2025, 12, 1)
    assert next_month(previous_month(date(2026, 7, 1))) == date(2026, 7, 1)


def test_hr_sets_a_rate(client, hanna, rita) -> None:
    begins = office_date() + timedelta(days=40)
    answer = sign_in(client, hanna).post(
        NEW_RATE, {"user": "rita", "percent": "7.5", "valid_from_date": begins.isoformat()}
    )
    assert answer.status_code == 302
    rate = CommissionRate.objects.get(user=rita)
    assert (str(rate.rate), rate.valid_from_date) == ("0.0750", begins)
    assert "7.5%" in client.get(RATES).content.decode()


def test_a_refused_rate_keeps_typed_values_and_shows_the_error(client, hanna) -> None:
    answer = sign_in(client, hanna).post(
        NEW_RATE, {"user": "", "percent": "7.5", "valid_from_date": "2026-03-01"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Choose today or a later day" in text
    assert 'value="7.5"' in text
    assert not CommissionRate.objects.filter(rate="0.075").exists()


@pytest.mark.parametrize("address", [ALL + MARCH, MINE + MARCH])
def test_more_rows_need_no_more_queries(client, hanna, address: str) -> None:
    def count_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    sign_in(client, hanna)
    for n in range(3):
        sold(hanna, f"SO-{n:06d}")
    client.get(address)
    few = count_queries()
    for n in range(3, 30):
        sold(hanna, f"SO-{n:06d}")
    assert count_queries() == few
