"""The complaints of the demo company's last days, written out one by one."""

from __future__ import annotations

from dataclasses import dataclass

from frontdesk.complaints.models import Category, Severity


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
        clock="11:15",
        customer=22,
        category=Category.GOODS,
        text="The teapot’s lid does not fit; it was the last one of its batch.",
        wish="A lid that fits, or the money back.",
        severity=Severity.HIGH,
        handler="tom",
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
