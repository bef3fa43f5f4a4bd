"""Commissions, their reversals and rates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
import time_machine
from django.db import DatabaseError, transaction

from backoffice.hr.actions import UnusableRate, set_commission_rate
from backoffice.hr.models import Commission, CommissionRate
from officeflow.audit.models import AuditEntry, Realm
from officeflow.handoff.models import Destination, HandoffState
from tests import orders
from tests.hr.conftest import deliver, sold
from tests.moments import Moment, any_day

pytestmark = pytest.mark.django_db


def rate(value: str, since: date, user=None) -> CommissionRate:
    return CommissionRate.objects.create(user=user, rate=D(value), valid_from_date=since)


def test_everybodys_rate_applies_without_an_own_rate(rita) -> None:
    sold(rita, lines=[orders.line("120.00")])
    commission = Commission.objects.get()
    assert commission.salesperson == rita
    assert (commission.net, commission.rate, commission.amount) == (
        D("100.00"),
        D("0.0200"),
        D("2.00"),
    )


def test_an_own_rate_comes_before_a_later_rate_for_everybody(rita, ravi) -> None:
    rate("0.05", date(2026, 1, 1), rita)
    rate("0.01", date(2026, 2, 1))
    sold(rita, "SO-000001")
    sold(ravi, "SO-000002")
    assert dict(Commission.objects.values_list("order_number", "rate")) == {
        "SO-000001": D("0.05"),
        "SO-000002": D("0.01"),
    }


@pytest.mark.parametrize(
    ("sold_on", "expected"),
    [
        (date(2026, 3, 9), "0.02"),
        (date(2026, 3, 10), "0.03"),
        (date(2026, 3, 19), "0.03"),
        (date(2026, 3, 20), "0.04"),
    ],
)
def test_the_latest_started_rate_applies(rita, sold_on: date, expected: str) -> None:
    rate("0.03", date(2026, 3, 10))
    rate("0.04", date(2026, 3, 20))
    sold(rita, at=datetime(sold_on.year, sold_on.month, sold_on.day, 12, tzinfo=UTC))
    assert Commission.objects.get().rate == D(expected)


def test_the_day_is_in_the_offices_time_zone(rita, office) -> None:
    office.time_zone = "Asia/Tokyo"
    office.save()
    rate("0.03", date(2026, 3, 10))
    sold(rita, at=datetime(2026, 3, 9, 20, 0, tzinfo=UTC))
    commission = Commission.objects.get()
    assert (commission.earned_date, commission.rate) == (date(2026, 3, 10), D("0.03"))


def test_the_commission_is_zero_without_a_rate(rita) -> None:
    CommissionRate.objects.all().delete()
    sold(rita)
    commission = Commission.objects.get()
    assert (commission.rate, commission.amount) == (0, 0)


def test_the_amount_is_rounded_half_up_to_the_penny(rita) -> None:
    sold(rita, lines=[orders.line("0.75", rate="0")])
    assert Commission.objects.get().amount == D("0.02")


def test_a_cancelled_orders_commission_is_reversed_on_that_day(rita) -> None:
    sold(rita)
    rate("0.50", date(2026, 1, 1), rita)  # what holds now does not matter
    deliver(orders.order_cancelled(at=datetime(2026, 4, 1, 12, tzinfo=UTC)))
    accrued, reversal = Commission.objects.order_by("pk")
    assert reversal.reverses == accrued
    assert (reversal.net, reversal.amount) == (-accrued.net, -accrued.amount)
    assert (reversal.rate, reversal.earned_date) == (accrued.rate, date(2026, 4, 1))


def test_a_commission_is_accrued_and_reversed_once(rita) -> None:
    sold(rita)
    again = orders.send(orders.order_placed(salesperson_id=rita.pk), Destination.HR)
    assert again.state == HandoffState.DEAD
    assert Commission.objects.count() == 1


def test_a_missing_commission_cannot_be_reversed() -> None:
    handoff = orders.send(orders.order_cancelled(), Destination.HR)
    assert handoff.state == HandoffState.DEAD
    assert "has no commission" in handoff.last_error


def test_a_commission_cannot_be_changed(rita) -> None:
    sold(rita)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Commission.objects.update(amount=1000)


def test_commissions_are_in_hrs_audit_trail_alone(rita) -> None:
    sold(rita)
    deliver(orders.order_cancelled())
    assert set(AuditEntry.objects.filter(subject="SO-000001").values_list("realm", flat=True)) == {
        Realm.HR
    }


@any_day
def test_a_commission_is_earned_on_the_offices_day(moment: Moment, rita) -> None:
    set_commission_rate(actor=None, user=rita, rate=D("0.1"), valid_from_date=moment.day)
    sold(rita, at=moment.at)
    deliver(orders.order_cancelled(at=moment.at))
    assert list(Commission.objects.values_list("rate", "earned_date")) == [
        (D("0.1"), moment.day),
        (D("0.1"), moment.day),
    ]


@time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
def test_a_new_rate_applies_from_its_day(hanna, rita) -> None:
    set_commission_rate(actor=hanna, user=rita, rate=D("0.1"), valid_from_date=date(2026, 3, 3))
    sold(rita, "SO-000001", at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    sold(rita, "SO-000002", at=datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert dict(Commission.objects.values_list("order_number", "rate")) == {
        "SO-000001": D("0.02"),
        "SO-000002": D("0.1"),
    }


@time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("percent", "since", "field"),
    [
        ("1.01", date(2026, 3, 3), "percent"),
        ("-0.01", date(2026, 3, 3), "percent"),
        ("0.12345", date(2026, 3, 3), "percent"),
        ("0.1", date(2026, 3, 1), "valid_from_date"),
        ("0.1", date(2026, 3, 9), "valid_from_date"),
    ],
)
def test_an_invalid_rate_is_refused(hanna, percent: str, since: date, field: str) -> None:
    set_commission_rate(actor=hanna, user=None, rate=D("0.1"), valid_from_date=date(2026, 3, 9))
    with pytest.raises(UnusableRate) as refusal:
        set_commission_rate(actor=hanna, user=None, rate=D(percent), valid_from_date=since)
    assert refusal.value.field == field
