"""A ticket's state, periods and assignee agree after any sequence of actions."""

from __future__ import annotations

from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from backoffice.tickets import actions
from backoffice.tickets.due_times import DueTime
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TICKET_MOVES, TicketKind, TicketState
from officeflow.errors import Conflict, Refused
from officeflow.handoff.contracts import GoodsHandedOver
from officeflow.handoff.models import Destination, Handoff
from officeflow.handoff.outbox import post
from officeflow.permissions import Department, Role
from officeflow.staff.models import User
from tests.factories import make_office
from tests.people import employ

PEOPLE = ("maya", "ravi", "rita")  # Rita may not work in management
NUMBERS = count(1)


class TicketMachine(RuleBasedStateMachine):
    """A ticket of management on which several people act."""

    def __init__(self) -> None:
        super().__init__()
        make_office()
        # Ravi is a second person of the department.
        employ("ravi").grants.update(role=Role.MANAGER)
        # Fresh, so that no permissions of before are remembered.
        self.people = {name: User.objects.get(pk=employ(name).pk) for name in PEOPLE}
        subject = f"ZZ-{next(NUMBERS):06d}"
        with transaction.atomic():
            post(
                GoodsHandedOver(order_number=subject, handed_over_at=timezone.now()),
                to=[Destination.MANAGEMENT],
                subject=subject,
                actor=None,
            )
        handoff = Handoff.objects.get(subject=subject, destination="management")
        self.ticket = actions.open_ticket(
            actions.NewTicket(
                handoff=handoff,
                department=Department.MANAGEMENT,
                kind=TicketKind.ORDER,
                subject=subject,
                title="Something to do",
                site_code="MAIN",
                due=DueTime(timezone.now()),
            )
        )

    def run_action(self, verb: str, who: str, **words: Any) -> None:
        before = Ticket.objects.get(pk=self.ticket.pk)
        # Each acts on what they last saw, which may be stale.
        try:
            getattr(actions, verb)(actor=self.people[who], ticket=self.ticket, **words)
        except (Conflict, PermissionDenied):
            after = Ticket.objects.get(pk=self.ticket.pk)
            assert (after.state, after.version) == (before.state, before.version)
        else:
            after = Ticket.objects.get(pk=self.ticket.pk)
            assert TICKET_MOVES.allows(TicketState(before.state), TicketState(after.state))
            assert after.version == before.version + 1
            assert who != "rita"

    @rule(who=st.sampled_from(PEOPLE))
    def take(self, who: str) -> None:
        self.run_action("take_ticket", who)

    @rule(who=st.sampled_from(PEOPLE))
    def untake(self, who: str) -> None:
        self.run_action("untake_ticket", who)

    @rule(who=st.sampled_from(PEOPLE))
    def return_(self, who: str) -> None:
        self.run_action("return_ticket", who, reason="other", question="Why?")

    @rule(who=st.sampled_from(PEOPLE))
    def hold(self, who: str) -> None:
        day = timezone.now().date() + timedelta(days=3)
        self.run_action("hold_ticket", who, reason="Waits", until_date=day)

    @rule(who=st.sampled_from(PEOPLE))
    def resume(self, who: str) -> None:
        self.run_action("resume_ticket", who)

    @rule(who=st.sampled_from(PEOPLE), holder=st.sampled_from(PEOPLE))
    def take_over(self, who: str, holder: str) -> None:
        before = Ticket.objects.get(pk=self.ticket.pk)
        try:
            actions.take_over_ticket(
                actor=self.people[who], ticket=self.ticket, holder=self.people[holder]
            )
        except (Conflict, PermissionDenied):
            after = Ticket.objects.get(pk=self.ticket.pk)
            assert (after.assignee_id, after.version) == (before.assignee_id, before.version)
        else:
            after = Ticket.objects.get(pk=self.ticket.pk)
            assert (after.state, after.assignee) == (before.state, self.people[who])
            assert before.assignee == self.people[holder]

    @rule(who=st.sampled_from(PEOPLE))
    def complete(self, who: str) -> None:
        self.run_action("complete_ticket", who)

    @rule(who=st.sampled_from(PEOPLE), reason=st.sampled_from(["", "Not finished after all"]))
    def reopen(self, who: str, reason: str) -> None:
        before = Ticket.objects.get(pk=self.ticket.pk)
        try:
            self.run_action("reopen_ticket", who, reason=reason)
        except Refused:  # the reason is missing
            assert not reason
            assert Ticket.objects.get(pk=self.ticket.pk).version == before.version
            return
        after = Ticket.objects.get(pk=self.ticket.pk)
        if after.version != before.version:
            assert (before.state, after.state) == (TicketState.COMPLETED, TicketState.TAKEN)
            assert after.assignee == self.people[who]

    @rule()
    def cancel(self) -> None:
        before = Ticket.objects.get(pk=self.ticket.pk)
        try:
            actions.cancel_ticket(ticket=self.ticket)
        except Conflict:
            assert not before.is_open

    @rule(active=st.booleans())
    def answer(self, active: bool) -> None:
        before = Ticket.objects.get(pk=self.ticket.pk)
        User.objects.filter(pk=before.assignee_id).update(is_active=active)
        actions.receive_answer(
            ticket_number=self.ticket.number,
            department=Department.MANAGEMENT,
            answer="Because.",
            answered_by_name="Rita",
            answered_at=timezone.now(),
        )
        User.objects.filter(pk=before.assignee_id).update(is_active=True)
        after = Ticket.objects.get(pk=self.ticket.pk)
        if before.state == TicketState.RETURNED:
            assert after.state == (TicketState.TAKEN if active else TicketState.WAITING)
        else:
            assert after.version == before.version

    @invariant()
    def everything_agrees(self) -> None:
        ticket = Ticket.objects.get(pk=self.ticket.pk)
        periods = list(ticket.periods.order_by("pk"))
        assert [p.ended_at is None for p in periods] == [False] * (len(periods) - 1) + [True]
        assert periods[-1].state == ticket.state
        assert periods[-1].assignee_id == ticket.assignee_id
        assert len(periods) == ticket.version
        for old, new in pairwise(periods):
            handed = old.state == new.state and old.assignee_id != new.assignee_id
            assert handed or TICKET_MOVES.allows(TicketState(old.state), TicketState(new.state))
            assert old.ended_at == new.started_at
        if ticket.state == TicketState.WAITING:
            assert ticket.assignee is None
        assert ticket.is_on_hold == (ticket.held_until is not None)
        if ticket.state in (
            TicketState.TAKEN,
            TicketState.HELD,
            TicketState.RETURNED,
            TicketState.COMPLETED,
        ):
            assert ticket.assignee is not None
        open_questions = ticket.questions.filter(answered_at__isnull=True).count()
        assert open_questions == (ticket.state == TicketState.RETURNED) or not ticket.is_open


@pytest.mark.django_db
def test_state_periods_and_assignee_always_agree() -> None:
    run_state_machine_as_test(
        TicketMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
