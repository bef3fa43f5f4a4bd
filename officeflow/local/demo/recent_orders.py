"""The orders of the demo's last days."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from frontdesk.payments.models.methods import DefaultMethod


class Progress(Enum):
    """The state that an order's goods have reached."""

    WAITING = "waiting in the queue"
    TAKEN = "being packed"
    RETURNED = "returned with a question"
    ANSWERED = "the question is answered"
    READY = "ready for pick-up"
    DONE = "handed over or shipped"
    CANCELLED = "cancelled before packing"
    PUT_BACK = "cancelled when ready"


@dataclass(frozen=True, kw_only=True)
class ScriptedOrder:
    """One order. `days_ago` counts open days. `clock` is hh:mm, for today the minutes ago."""

    key: str
    days_ago: int
    clock: str
    customer: int | None
    lines: tuple[tuple[str, str], ...]
    progress: Progress
    seller: str = "rosa"
    packer: str = "femi"
    is_delivery: bool = False
    pays: str | None = None  # "full" or an amount
    method: DefaultMethod = DefaultMethod.CARD
    discount: str = "0"
    wanted_in_days: int | None = None
    note: str = ""
    question: str = ""
    answer: str = ""
    reason: str = ""


ORDERS = (
    ScriptedOrder(
        key="shade",
        days_ago=2,
        clock="10:40",
        customer=11,
        lines=(("LAMP-FLOOR", "1"),),
        progress=Progress.TAKEN,
        pays="full",
        note="The linen shade had a stain; the maker is sending another.",
    ),
    ScriptedOrder(
        key="school",
        days_ago=1,
        clock="09:25",
        customer=23,
        lines=(("NOTE-A5", "30"), ("PEN-FOUNT", "2"), ("POST-UK", "1")),
        progress=Progress.TAKEN,
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
        progress=Progress.READY,
        pays="full",
    ),
    ScriptedOrder(
        key="vase",
        days_ago=1,
        clock="11:40",
        customer=7,
        lines=(("VASE-TALL", "2"), ("GIFT-WRAP", "1")),
        progress=Progress.PUT_BACK,
        pays="full",
        reason="The customer found the same vase at home.",
    ),
    ScriptedOrder(
        key="engraved",
        days_ago=1,
        clock="13:05",
        customer=4,
        lines=(("PEN-FOUNT", "1"), ("ENGRAVE", "1"), ("INK-BLUE", "1")),
        progress=Progress.RETURNED,
        seller="ravi",
        pays="20.00",
        method=DefaultMethod.CASH,
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
        progress=Progress.ANSWERED,
        packer="tom",
        is_delivery=True,
        method=DefaultMethod.TRANSFER,
        question="Only 20 mugs with swifts are in one piece. Send 20 now, or wait for all?",
        answer="Send all 24 together; next Tuesday is early enough for them.",
    ),
    ScriptedOrder(
        key="map",
        days_ago=1,
        clock="16:15",
        customer=15,
        lines=(("MAP-TOWN", "1"),),
        progress=Progress.CANCELLED,
        reason="Bought the map at the station after all.",
    ),
    ScriptedOrder(
        key="repair",
        days_ago=1,
        clock="16:50",
        customer=26,
        lines=(("REPAIR", "1.5"), ("BULB-E27", "1")),
        progress=Progress.TAKEN,
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
        progress=Progress.READY,
    ),
    ScriptedOrder(
        key="diary",
        days_ago=0,
        clock="165",
        customer=None,
        lines=(("DIARY-27", "1"),),
        progress=Progress.DONE,
        seller="ravi",
        pays="full",
        method=DefaultMethod.CASH,
    ),
    ScriptedOrder(
        key="pharmacy",
        days_ago=0,
        clock="130",
        customer=14,
        lines=(("NOTE-A4", "10"), ("INK-BLUE", "4"), ("POST-UK", "1")),
        progress=Progress.RETURNED,
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
        progress=Progress.TAKEN,
        pays="full",
        wanted_in_days=1,
    ),
    ScriptedOrder(
        key="candles",
        days_ago=0,
        clock="60",
        customer=8,
        lines=(("CANDLE", "40"), ("CARD-SET", "5")),
        progress=Progress.WAITING,
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
        progress=Progress.WAITING,
        pays="50.00",
    ),
    ScriptedOrder(
        key="birthday",
        days_ago=0,
        clock="18",
        customer=29,
        lines=(("CARD-BDAY", "2"), ("LAMP-RICE-S", "1"), ("GIFT-WRAP", "1"), ("POST-UK", "1")),
        progress=Progress.WAITING,
        is_delivery=True,
        method=DefaultMethod.TRANSFER,
        wanted_in_days=3,
        note="Put the card on top; it is a surprise.",
    ),
    ScriptedOrder(
        key="ribbon",
        days_ago=0,
        clock="6",
        customer=None,
        lines=(("RIBBON", "4"), ("CARD-BDAY", "1")),
        progress=Progress.WAITING,
        seller="ravi",
    ),
)
