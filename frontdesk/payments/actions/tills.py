"""Counting the till."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from frontdesk.payments.models.payments import Payment
from frontdesk.payments.models.tills import TillCount
from frontdesk.payments.queries.takings import drawer, latest_count
from officeflow.audit.actions import record
from officeflow.company.models import Office, Site
from officeflow.company.queries import office_date
from officeflow.errors import Conflict, Refused
from officeflow.handoff import contracts
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.limits import AMOUNT
from officeflow.money import ZERO, format_money, is_countable
from officeflow.numbering import next_number
from officeflow.staff.models import User


class DifferenceUnexplained(Refused):
    """The counted amount differs from the expected one and there is no note.

    `difference` is the counted less the expected amount.
    """

    def __init__(self, difference: Decimal, currency: str) -> None:
        self.difference = difference
        words = (
            _("This is %(amount)s less than expected. Count again, or enter the reason.")
            if difference < ZERO
            else _("This is %(amount)s more than expected. Count again, or enter the reason.")
        )
        super().__init__(words % {"amount": format_money(abs(difference), currency)}, "note")


def first_day_to_count(office: Office) -> date:
    """Returns the day of the first payment, at most a week ago."""
    week_ago = office_date(office=office) - timedelta(days=7)
    first = Payment.objects.order_by("taken_at").values_list("taken_at", flat=True).first()
    return min(week_ago, office_date(first, office)) if first else week_ago


@transaction.atomic
def count_till(
    *,
    actor: User,
    office: Office,
    site: Site,
    day: date,
    opening_float: Decimal,
    counted: Decimal,
    note: str = "",
    corrects: TillCount | None = None,
) -> TillCount:
    """Records the cash in a site's drawer at the end of a day and posts the difference.

    `counted` includes the opening float. `corrects` is the count that this one replaces. Raises
    `Refused` for an impossible amount, also of the float with the day's cash, for a float from
    which more cash was given back than there was, a future day and one before the first payment,
    `DifferenceUnexplained`, and `Conflict` when somebody else has counted meanwhile.
    """
    for name, amount in (("opening_float", opening_float), ("counted", counted)):
        _check(name, amount, office.currency)
    if day > office_date(office=office):
        raise Refused(_("This day is in the future. Choose today or an earlier day."), "counted")
    if day < first_day_to_count(office):
        raise Refused(_("No money was taken on this day or before it."), "counted")
    found = drawer(office, site, day, opening_float)
    if found.expected < ZERO:
        raise Refused(
            _(
                "More cash was given back than taken, so at least %(amount)s was in the drawer "
                "before. Enter the opening float."
            )
            % {"amount": format_money(found.least_float, office.currency)},
            "opening_float",
        )
    expected = found.expected
    if expected > AMOUNT:
        raise Refused(
            _("This is more than any drawer holds. Check the opening float."), "opening_float"
        )
    difference = counted - expected
    note = note.strip()
    if difference and not note:
        raise DifferenceUnexplained(difference, office.currency)
    now = timezone.now()
    count = TillCount(
        number=next_number("TC"),
        site=site,
        day=day,
        currency=office.currency,
        opening_float=opening_float,
        expected=expected,
        counted=counted,
        difference=difference,
        note=note,
        counted_by=actor,
        counted_at=now,
        corrects=corrects,
    )
    try:
        with transaction.atomic():
            count.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_conflict_message(site, day)) from None
    record(
        actor=actor,
        action="count_till",
        subject_kind="till_count",
        subject=count.number,
        changes={
            "day": (None, day),
            "counted": (corrects.counted if corrects else None, counted),
            "difference": (corrects.difference if corrects else None, difference),
            **({"corrects": (None, corrects.number)} if corrects else {}),
        },
        at=now,
    )
    post(
        contracts.TillCounted(
            count_number=count.number,
            site_code=site.code,
            day=day,
            currency=count.currency,
            difference=difference,
            counted_at=now,
            counted_by_name=str(actor),
            corrects_number=corrects.number if corrects else "",
            corrected_difference=corrects.difference if corrects else ZERO,
        ),
        to=[Destination.ACCOUNTING],
        subject=f"{site.code} {day.isoformat()}",
        actor=actor,
    )
    return count


def _check(name: str, amount: Decimal, currency: str) -> None:
    if not amount.is_finite() or amount < ZERO or amount > AMOUNT:
        raise Refused(_("Enter an amount of 0 or more."), name)
    if not is_countable(amount, currency):
        raise Refused(_("The amount has too many decimals for this currency."), name)


def _conflict_message(site: Site, day: date) -> str:
    latest = latest_count(site, day)
    if latest is None:
        return _("This count has already been corrected.")
    return _("%(name)s has already counted this day. Check that count before you count again.") % {
        "name": latest.counted_by
    }
