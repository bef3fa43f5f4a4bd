"""How far one hand-off has come, in words: posted, delivered, accepted or returned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officeflow.handoff.models import Destination, Handoff, HandoffState

# What becomes a ticket that somebody takes; the books and commissions need nobody to take them.
TICKETED = {
    ("OrderPlaced", Destination.FULFILMENT),
    *(("ComplaintRaised", destination) for destination in Destination),
    *(("ComplaintReopened", destination) for destination in Destination),
}


@dataclass(frozen=True)
class HandoffStep:
    """One step of a hand-off: `state` is `done`, `now`, `todo` or `bad`."""

    label: str | Promise
    state: str
    at: datetime | None = None
    actor: str = ""


@dataclass(frozen=True)
class HandoffProgress:
    """The steps of one hand-off under the name of where it goes."""

    label: str
    steps: list[HandoffStep]

    @property
    def is_settled(self) -> bool:
        """Whether it was delivered and not returned: nobody has to look at it."""
        return all(step.state in ("done", "todo") for step in self.steps)


def handoff_progress(handoff: Handoff) -> HandoffProgress:
    """The receipt that the desk sees of a hand-off. Errors are for operators, not for it."""
    destination = Destination(handoff.destination)
    steps = [HandoffStep(_("Posted"), "done", handoff.posted_at), _delivery(handoff)]
    if handoff.accepted_at:
        steps.append(
            HandoffStep(_("Accepted"), "done", handoff.accepted_at, str(handoff.accepted_by or ""))
        )
    elif (
        handoff.delivered_at
        and not handoff.returned_at
        and (handoff.contract, destination) in TICKETED
    ):
        steps.append(HandoffStep(_("Accepted"), "todo"))
    if handoff.returned_at:
        steps.append(HandoffStep(_("Returned"), "bad", handoff.returned_at))
    return HandoffProgress(label=str(destination.label), steps=steps)


def _delivery(handoff: Handoff) -> HandoffStep:
    if handoff.state == HandoffState.APPLIED:
        return HandoffStep(_("Delivered"), "done", handoff.delivered_at)
    if handoff.state == HandoffState.DEAD:
        return HandoffStep(_("Failed: managers can see it"), "bad")
    if handoff.state == HandoffState.DISCARDED:
        return HandoffStep(_("Discarded"), "bad")
    if handoff.attempts > 1:
        return HandoffStep(_("Failed, will be tried again"), "now")
    return HandoffStep(_("On its way"), "now")
