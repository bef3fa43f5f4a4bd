"""The demo company's last days, written out, so that every list and queue has something to see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from frontdesk.models import Category, Method, Severity
from officeflow.company.models import Office
from officeflow.company.queries import office_date
from officeflow.company.working_time import calendar_of
from officeflow.local.demo.plans import ComplaintPlan, OrderPlan, Plans, Question


class Fate(Enum):
    """How far the goods of an order have come."""

    WAITING = "nobody has taken it"
    TAKEN = "somebody is packing it"
    RETURNED = "fulfilment asks the desk something"
    ANSWERED = "fulfilment asked, and the desk has answered"
    READY = "ready for pick-up"
    DONE = "handed over or shipped"
    CANCELLED = "cancelled before anybody began"
    PUT_BACK = "cancelled when it was ready"


@dataclass(frozen=True, kw_only=True)
class ScriptedOrder:
    """One order. Days count while the office is open: 0 is today, whatever day it is, where
    `clock` counts minutes ago instead of hh:mm.
    """

    key: str
    days_ago: int
    clock: str
    customer: int | None
    lines: tuple[tuple[str, str], ...]
    fate: Fate
    seller: str = "rosa"
    packer: str = "femi"
    is_delivery: bool = False
    pays: str | None = None  # "full" or an amount
    method: Method = Method.CARD
    discount: str = "0"
    wanted_in_days: int | None = None
    note: str = ""
    question: str = ""
    answer: str = ""
    reason: str = ""


RECENT = (
    ScriptedOrder(
        key="school",
        days_ago=1,
        clock="09:25",
        customer=23,
        lines=(("NOTE-A5", "30"), ("PEN-FOUNT", "2"), ("POST-UK", "1")),
        fate=Fate.TAKEN,
        is_delivery=True,
        discount="10",
        wanted_in_days=4,
        note="For the reading prize; deliver to the school office before three.",
    ),
    ScriptedOrder(
        key="lamp",
        days_ago=1,
        clock="10:10",
        customer=1,
        lines=(("LAMP-DESK", "1"), ("BULB-E27", "2")),
        fate=Fate.READY,
        pays="full",
    ),
    ScriptedOrder(
        key="vase",
        days_ago=1,
        clock="11:40",
        customer=7,
        lines=(("VASE-TALL", "2"), ("GIFT-WRAP", "1")),
        fate=Fate.PUT_BACK,
        pays="full",
        reason="The customer found the same vase at home.",
    ),
    ScriptedOrder(
        key="engraved",
        days_ago=1,
        clock="13:05",
        customer=4,
        lines=(("PEN-FOUNT", "1"), ("ENGRAVE", "1"), ("INK-BLUE", "1")),
        fate=Fate.RETURNED,
        seller="ravi",
        pays="20.00",
        method=Method.CASH,
        wanted_in_days=3,
        note="Engrave: “for V.”",
        question="The line reads “for V.” on the order and “for W.” on the slip. Which one is it?",
    ),
    ScriptedOrder(
        key="cafe",
        days_ago=1,
        clock="14:30",
        customer=17,
        lines=(("MUG-SWIFT", "24"), ("TEAPOT", "3"), ("POST-UK", "1")),
        fate=Fate.ANSWERED,
        packer="tom",
        is_delivery=True,
        method=Method.TRANSFER,
        question="Only 20 mugs with swifts are in one piece. Send 20 now, or wait for all?",
        answer="Send all 24 together; next Tuesday is early enough for them.",
    ),
    ScriptedOrder(
        key="map",
        days_ago=1,
        clock="16:15",
        customer=15,
        lines=(("MAP-TOWN", "1"),),
        fate=Fate.CANCELLED,
        reason="Bought the map at the station after all.",
    ),
    ScriptedOrder(
        key="repair",
        days_ago=1,
        clock="16:50",
        customer=26,
        lines=(("REPAIR", "1.5"), ("BULB-E27", "1")),
        fate=Fate.TAKEN,
        seller="ravi",
        packer="tom",
        wanted_in_days=2,
        note="The brass lamp flickers when it is warm.",
    ),
    ScriptedOrder(
        key="lanterns",
        days_ago=0,
        clock="200",
        customer=10,
        lines=(("LAMP-RICE-L", "2"), ("LAMP-STRING", "1"), ("RIBBON", "3.5")),
        fate=Fate.READY,
    ),
    ScriptedOrder(
        key="diary",
        days_ago=0,
        clock="165",
        customer=None,
        lines=(("DIARY-27", "1"),),
        fate=Fate.DONE,
        seller="ravi",
        pays="full",
        method=Method.CASH,
    ),
    ScriptedOrder(
        key="pharmacy",
        days_ago=0,
        clock="130",
        customer=14,
        lines=(("NOTE-A4", "10"), ("INK-BLUE", "4"), ("POST-UK", "1")),
        fate=Fate.RETURNED,
        packer="tom",
        is_delivery=True,
        question="Number 2 High Street is a flower shop. Is the pharmacy next door?",
    ),
    ScriptedOrder(
        key="birds",
        days_ago=0,
        clock="95",
        customer=2,
        lines=(("BOOK-BIRDS", "1"), ("BOOK-FOLD", "1"), ("GIFT-WRAP", "1")),
        fate=Fate.TAKEN,
        pays="full",
        wanted_in_days=1,
    ),
    ScriptedOrder(
        key="candles",
        days_ago=0,
        clock="60",
        customer=8,
        lines=(("CANDLE", "40"), ("CARD-SET", "5")),
        fate=Fate.WAITING,
        seller="ravi",
        discount="5",
        wanted_in_days=2,
    ),
    ScriptedOrder(
        key="teapot",
        days_ago=0,
        clock="35",
        customer=20,
        lines=(("TEAPOT", "1"), ("MUG-SWIFT", "2")),
        fate=Fate.WAITING,
        pays="50.00",
    ),
    ScriptedOrder(
        key="birthday",
        days_ago=0,
        clock="18",
        customer=29,
        lines=(("CARD-BDAY", "2"), ("LAMP-RICE-S", "1"), ("GIFT-WRAP", "1"), ("POST-UK", "1")),
        fate=Fate.WAITING,
        is_delivery=True,
        method=Method.TRANSFER,
        wanted_in_days=3,
        note="Put the card on top; it is a surprise.",
    ),
    ScriptedOrder(
        key="ribbon",
        days_ago=0,
        clock="6",
        customer=None,
        lines=(("RIBBON", "4"), ("CARD-BDAY", "1")),
        fate=Fate.WAITING,
        seller="ravi",
    ),
)


@dataclass(frozen=True, kw_only=True)
class ScriptedComplaint:
    """One complaint. With a `handler` somebody took it; with an `outcome` it is answered."""

    days_ago: int
    clock: str
    customer: int
    category: Category
    text: str
    wish: str = ""
    severity: Severity = Severity.NORMAL
    order: str = ""
    logger: str = "rosa"
    handler: str = ""
    outcome: str = ""
    message: str = ""
    is_told: bool = False


COMPLAINTS = (
    ScriptedComplaint(
        days_ago=3,
        clock="10:30",
        customer=12,
        category=Category.SERVICE,
        text="Waited twenty minutes at the counter while two people were in the back.",
        wish="An apology.",
        handler="maya",
        outcome="upheld",
        message="We are sorry. From Monday a bell calls a second colleague when three wait.",
        is_told=True,
    ),
    ScriptedComplaint(
        days_ago=2,
        clock="15:20",
        customer=5,
        category=Category.BILLING,
        text="The card was charged twice for one order.",
        wish="One of the two payments back.",
        severity=Severity.HIGH,
        handler="amir",
        outcome="not_upheld",
        message="The second line was only reserved and never booked; it falls away in three days.",
    ),
    ScriptedComplaint(
        days_ago=1,
        clock="09:50",
        customer=19,
        category=Category.GOODS,
        text="Two of the six candles arrived broken.",
        wish="Two new candles.",
        handler="femi",
    ),
    ScriptedComplaint(
        days_ago=1,
        clock="12:15",
        customer=16,
        category=Category.CONDUCT,
        text="The colleague at the counter laughed about my accent.",
        wish="That it does not happen again.",
        logger="ravi",
    ),
    ScriptedComplaint(
        days_ago=1,
        clock="17:05",
        customer=1,
        category=Category.GOODS,
        text="The shade of the desk lamp has a dent.",
        wish="A shade without a dent, or ten pounds off.",
        order="lamp",
    ),
    ScriptedComplaint(
        days_ago=0,
        clock="110",
        customer=17,
        category=Category.BILLING,
        text="The invoice names the café’s old address.",
        wish="A corrected invoice before the end of the month.",
        order="cafe",
        severity=Severity.LOW,
        logger="ravi",
    ),
    ScriptedComplaint(
        days_ago=0,
        clock="75",
        customer=21,
        category=Category.SERVICE,
        text="Nobody called back about the repair, as was promised on Tuesday.",
        wish="A call today.",
        severity=Severity.HIGH,
        handler="maya",
    ),
    ScriptedComplaint(
        days_ago=0,
        clock="25",
        customer=6,
        category=Category.OTHER,
        text="The door to the street is too heavy for a wheelchair.",
        wish="A bell at the right height, at least.",
        logger="ravi",
    ),
)


# How much of the time that an order has had is gone when each thing happens.
PAID, TAKEN, ASKED, SAID, COMPLETED, COLLECTED = 0.03, 0.2, 0.35, 0.55, 0.6, 0.85
# What happened yesterday took so long at most.
A_LONG_WHILE = timedelta(minutes=150)

TAKEN_FATES = (Fate.TAKEN, Fate.RETURNED, Fate.ANSWERED, Fate.READY, Fate.DONE, Fate.PUT_BACK)
FETCHED_FATES = (Fate.READY, Fate.DONE, Fate.PUT_BACK)


class RecentDays:
    """Turns what is written here into plans, up to the moment at which the demo is made."""

    def __init__(self, office: Office, now: datetime) -> None:
        self.office, self.now = office, now
        self.today = office_date(now, office)

    def plans(self) -> Plans:
        """The orders and complaints of the last days."""
        return Plans([self.order(told) for told in RECENT], [self.complaint(t) for t in COMPLAINTS])

    def moment(self, told: ScriptedOrder | ScriptedComplaint) -> datetime:
        """When it was: a time of an open day gone by, or so many minutes ago, but still today."""
        if told.days_ago:
            hour, minute = map(int, told.clock.split(":"))
            day = self._open_day(told.days_ago)
            return datetime.combine(day, time(hour, minute), tzinfo=self.office.zone)
        midnight = datetime.combine(self.today, time.min, tzinfo=self.office.zone)
        return max(self.now - timedelta(minutes=int(told.clock)), midnight)

    def _open_day(self, days_ago: int) -> date:
        calendar, day = calendar_of(self.office), self.today
        while days_ago:
            day -= timedelta(days=1)
            days_ago -= bool(calendar.spans(day))
        return day

    def order(self, told: ScriptedOrder) -> OrderPlan:
        """An order that has come as far as its fate says."""
        at = self.moment(told)
        had = min(self.now - at, A_LONG_WHILE)
        question = None
        if told.question:
            question = Question(
                text=told.question,
                asked_at=at + had * ASKED,
                answer=told.answer,
                answered_at=at + had * SAID if told.answer else None,
            )
        is_cancelled = told.fate in (Fate.CANCELLED, Fate.PUT_BACK)
        is_taken_away = told.fate == Fate.DONE and not told.is_delivery
        return OrderPlan(
            key=told.key,
            at=at,
            customer=told.customer,
            lines=told.lines,
            seller=told.seller,
            packer=told.packer,
            is_delivery=told.is_delivery,
            discount_percent=told.discount,
            wanted_in_days=told.wanted_in_days,
            note=told.note,
            method=told.method,
            pays=told.pays or "",
            paid_at=at + had * PAID if told.pays else None,
            taken_at=at + had * TAKEN if told.fate in TAKEN_FATES else None,
            question=question,
            completed_at=at + had * COMPLETED if told.fate in FETCHED_FATES else None,
            collected_at=at + had * COLLECTED if is_taken_away else None,
            cancelled_at=at + had * COLLECTED if is_cancelled else None,
            reason=told.reason,
        )

    def complaint(self, told: ScriptedComplaint) -> ComplaintPlan:
        """A complaint that has come as far as somebody has brought it."""
        at = self.moment(told)
        had = min(self.now - at, A_LONG_WHILE)
        return ComplaintPlan(
            at=at,
            customer=told.customer,
            category=told.category,
            text=told.text,
            wish=told.wish,
            severity=told.severity,
            order=told.order,
            logger=told.logger,
            handler=told.handler,
            taken_at=at + had * TAKEN if told.handler else None,
            resolved_at=at + had * COMPLETED if told.outcome else None,
            outcome=told.outcome,
            message=told.message,
            told_at=at + had * COLLECTED if told.is_told else None,
        )
