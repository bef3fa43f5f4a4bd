"""The complaints of the demo's last days."""

from __future__ import annotations

from dataclasses import dataclass

from frontdesk.complaints.models import ComplaintCategory
from officeflow.handoff.contract_labels import Severity


@dataclass(frozen=True, kw_only=True)
class ScriptedComplaint:
    """One complaint: taken when it has a `handler`, answered when it has an `outcome`.

    `days_ago` counts open days. `clock` is hh:mm, and for today the number of minutes ago.
    """

    days_ago: int
    clock: str
    customer: int
    category: ComplaintCategory
    text: str
    desired_outcome: str = ""
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
        category=ComplaintCategory.SERVICE,
        text="Waited twenty minutes at the counter while two people were in the back.",
        desired_outcome="An apology.",
        handler="maya",
        outcome="upheld",
        message="We are sorry. From Monday a bell calls a second colleague when three wait.",
        is_told=True,
    ),
    ScriptedComplaint(
        days_ago=2,
        clock="11:15",
        customer=22,
        category=ComplaintCategory.GOODS,
        text="The teapot’s lid does not fit; it was the last one of its batch.",
        desired_outcome="A lid that fits, or the money back.",
        severity=Severity.HIGH,
        handler="tom",
    ),
    ScriptedComplaint(
        days_ago=2,
        clock="15:20",
        customer=5,
        category=ComplaintCategory.BILLING,
        text="The card was charged twice for one order.",
        desired_outcome="One of the two payments back.",
        severity=Severity.HIGH,
        handler="amir",
        outcome="not_upheld",
        message="The second line was only reserved and never booked; it disappears in three days.",
    ),
    ScriptedComplaint(
        days_ago=1,
        clock="09:50",
        customer=19,
        category=ComplaintCategory.GOODS,
        text="Two of the six candles arrived broken.",
        desired_outcome="Two new candles.",
        handler="femi",
    ),
    ScriptedComplaint(
        days_ago=1,
        clock="12:15",
        customer=16,
        category=ComplaintCategory.CONDUCT,
        text="The colleague at the counter laughed about my accent.",
        desired_outcome="That it does not happen again.",
        logger="ravi",
    ),
    ScriptedComplaint(
        days_ago=1,
        clock="17:05",
        customer=1,
        category=ComplaintCategory.GOODS,
        text="The shade of the desk lamp has a dent.",
        desired_outcome="A shade without a dent, or ten pounds off.",
        order="lamp",
    ),
    ScriptedComplaint(
        days_ago=0,
        clock="110",
        customer=17,
        category=ComplaintCategory.BILLING,
        text="The invoice names the café’s old address.",
        desired_outcome="A corrected invoice before the end of the month.",
        order="cafe",
        severity=Severity.LOW,
        logger="ravi",
    ),
    ScriptedComplaint(
        days_ago=0,
        clock="75",
        customer=21,
        category=ComplaintCategory.SERVICE,
        text="Nobody called back about the repair, as was promised on Tuesday.",
        desired_outcome="A call today.",
        severity=Severity.HIGH,
        handler="maya",
    ),
    ScriptedComplaint(
        days_ago=0,
        clock="25",
        customer=6,
        category=ComplaintCategory.OTHER,
        text="The door to the street is too heavy for a wheelchair.",
        desired_outcome="A bell at the right height, at least.",
        logger="ravi",
    ),
)
