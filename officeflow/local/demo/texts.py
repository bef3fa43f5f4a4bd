"""The texts of the demo's random orders and complaints."""

from __future__ import annotations

from dataclasses import dataclass

from frontdesk.complaints.models import ComplaintCategory
from officeflow.handoff.contract_labels import Severity

ORDER_NOTES = (
    "A present: leave the price off.",
    "Rings the bell at the side door.",
    "Please keep the box; it goes abroad.",
    "Calls before coming.",
    "Needs a receipt with the company’s name.",
)

# Questions of the packer with the desk's answers.
QUESTIONS = (
    ("The last one has a scratch on the base. Take it, or wait for the next box?", "Wait."),
    ("Which colour of ribbon: the order does not say.", "Dark red."),
    (
        "The customer’s note says two, the order says three. Which one is it?",
        "Two of each is right.",
    ),
    ("Is the card to go into the parcel or on top of it?", "On top, in its envelope."),
    ("The house number is missing from the address.", "It is number 14, second floor."),
    ("Shall the lamp go with a British plug or without one?", "With a British plug."),
)

CANCEL_REASONS = (
    "Found the same elsewhere.",
    "Ordered twice by mistake.",
    "The birthday was moved to the spring.",
    "Cannot come before the holidays.",
)


@dataclass(frozen=True, kw_only=True)
class ComplaintText:
    """The text of a complaint, the outcome and the message to the customer."""

    text: str
    desired_outcome: str
    outcome: str
    message: str
    severity: Severity = Severity.NORMAL


COMPLAINT_TEXTS: dict[ComplaintCategory, tuple[ComplaintText, ...]] = {
    ComplaintCategory.GOODS: (
        ComplaintText(
            text="One of the mugs arrived with a chip in the rim.",
            desired_outcome="Another mug.",
            outcome="upheld",
            message="A new mug is at the counter under your name. Keep the old one for pencils.",
        ),
        ComplaintText(
            text="The lantern’s paper is torn along the seam.",
            desired_outcome="Money back.",
            outcome="upheld",
            message="We exchange it at once; bring the torn one or a picture of it.",
            severity=Severity.HIGH,
        ),
        ComplaintText(
            text="The ink has dried up in the bottle.",
            desired_outcome="A fresh bottle.",
            outcome="upheld",
            message="A fresh bottle is waiting for you, with our apologies.",
        ),
        ComplaintText(
            text="The candles smell of nothing at all.",
            desired_outcome="The scented kind instead.",
            outcome="not_upheld",
            message="Beeswax is not scented. We exchange unopened boxes within 14 days.",
            severity=Severity.LOW,
        ),
        ComplaintText(
            text="The notebook’s pages come loose after a week.",
            desired_outcome="A new one from another batch.",
            outcome="upheld",
            message="That batch went back to the binder. A new notebook is on its way to you.",
        ),
        ComplaintText(
            text="The bulb flickered from the first evening on.",
            desired_outcome="A bulb that does not.",
            outcome="partly_upheld",
            message="The bulb is exchanged. The lamp’s dimmer needs another kind; ask us for it.",
        ),
    ),
    ComplaintCategory.BILLING: (
        ComplaintText(
            text="The invoice has the private address and not the firm’s.",
            desired_outcome="A corrected invoice.",
            outcome="upheld",
            message="The corrected invoice is ready at the counter.",
        ),
        ComplaintText(
            text="Postage was charged although the goods were fetched.",
            desired_outcome="The postage back.",
            outcome="upheld",
            message="You are right; the postage is paid back at your next visit.",
        ),
        ComplaintText(
            text="The discount for members is missing from the bill.",
            desired_outcome="Five per cent off.",
            outcome="not_upheld",
            message="The discount holds from the third order of a month; this was the second.",
            severity=Severity.LOW,
        ),
    ),
    ComplaintCategory.SERVICE: (
        ComplaintText(
            text="Was sent from one counter to the other three times.",
            desired_outcome="One person who sees it through.",
            outcome="upheld",
            message="From now on whoever greets you stays with you until it is settled.",
        ),
        ComplaintText(
            text="Nobody answered the telephone on Saturday morning.",
            desired_outcome="A call back.",
            outcome="partly_upheld",
            message="On Saturdays the line opens at ten; the announcement says so now.",
        ),
        ComplaintText(
            text="The goods were promised for Tuesday and came on Friday.",
            desired_outcome="An honest date.",
            outcome="upheld",
            message="We gave a date that we did not know. We now say it when we have checked.",
            severity=Severity.HIGH,
        ),
    ),
    ComplaintCategory.CONDUCT: (
        ComplaintText(
            text="Was told to come back when I could speak properly.",
            desired_outcome="An apology from the person.",
            outcome="upheld",
            message="We have spoken with everybody concerned and are sorry.",
            severity=Severity.HIGH,
        ),
        ComplaintText(
            text="A colleague at the counter was on the telephone the whole time.",
            desired_outcome="That somebody tells them.",
            outcome="partly_upheld",
            message="It was about another customer’s order; it should have been taken aside.",
        ),
    ),
    ComplaintCategory.OTHER: (
        ComplaintText(
            text="The bicycle stand before the door is always full.",
            desired_outcome="A second stand.",
            outcome="partly_upheld",
            message="We have asked the town for one; until then there is room in the yard.",
            severity=Severity.LOW,
        ),
        ComplaintText(
            text="The music in the shop is too loud to talk.",
            desired_outcome="Softer music.",
            outcome="upheld",
            message="It is softer now, and off before ten.",
            severity=Severity.LOW,
        ),
    ),
}

REOPEN_REASON = "It broke again in the same place."
SECOND_MESSAGE = "We are sorry that you had to come twice. You get your money back at the counter."
