"""The desk's answers to returned tickets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from backoffice.tickets.actions import cancel_ticket, return_ticket, take_ticket
from backoffice.tickets.models import Ticket
from backoffice.tickets.states import TicketState
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion
from officeflow.handoff.contracts import TicketAnswered
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.handoff.outbox import post
from officeflow.staff.models import RoleGrant, User
from tests.tickets.conftest import deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(ticket: Ticket, femi: User) -> Ticket:
    take_ticket(actor=femi, ticket=ticket)
    return_ticket(actor=femi, ticket=ticket, reason="other", question="Blue or green?")
    deliver()
    return ticket


@pytest.fixture
def answer(rita: User) -> Callable[[Ticket], Ticket]:
    """Answers the question at the desk and applies the hand-off."""

    def say(ticket: Ticket) -> Ticket:
        question = DeskQuestion.objects.get(ticket_number=ticket.number)
        answer_question(actor=rita, question=question, answer="Blue, she says.")
        deliver()
        return Ticket.objects.get(pk=ticket.pk)

    return say


def test_the_ticket_goes_back_to_its_assignee(
    returned: Ticket, femi: User, answer: Callable[[Ticket], Ticket]
) -> None:
    ticket = answer(returned)
    assert ticket.state == TicketState.TAKEN
    assert ticket.assignee == femi
    question = ticket.questions.get()
    assert (question.answer, question.answered_by_name) == ("Blue, she says.", "Rita Receptionist")
    assert question.answered_at is not None


def test_the_ticket_waits_when_its_assignee_was_deactivated(
    returned: Ticket, femi: User, answer: Callable[[Ticket], Ticket]
) -> None:
    User.objects.filter(pk=femi.pk).update(is_active=False)
    ticket = answer(returned)
    assert ticket.state == TicketState.WAITING
    assert ticket.assignee is None


def test_the_ticket_waits_when_its_assignee_has_left_the_department(
    returned: Ticket, femi: User, answer: Callable[[Ticket], Ticket]
) -> None:
    RoleGrant.objects.filter(user=femi).update(valid_until=timezone.now())
    assert answer(returned).state == TicketState.WAITING


def test_a_ticket_cancelled_meanwhile_stays_cancelled(
    returned: Ticket, rita: User, answer: Callable[[Ticket], Ticket]
) -> None:
    cancel_ticket(ticket=returned)
    ticket = answer(returned)
    assert ticket.state == TicketState.CANCELLED
    assert ticket.questions.get().answer == "Blue, she says."


def test_a_ticket_can_be_returned_again(
    returned: Ticket, femi: User, answer: Callable[[Ticket], Ticket]
) -> None:
    ticket = answer(returned)
    return_ticket(actor=femi, ticket=ticket, reason="other", question="Which blue?")
    assert ticket.state == TicketState.RETURNED
    assert [bool(e.answer) for e in ticket.questions.all()] == [True, False]


def test_an_answer_for_another_departments_ticket_is_dead(returned: Ticket, db: None) -> None:
    post(
        TicketAnswered(
            ticket_number=returned.number,
            answer="Blue",
            answered_at=timezone.now(),
            answered_by_name="Rita",
        ),
        to=[Destination.MANAGEMENT],
        subject=returned.subject,
        actor=None,
    )
    deliver()
    handoff = Handoff.objects.get(contract="TicketAnswered")
    assert handoff.state == HandoffState.DEAD
    assert returned.number in handoff.last_error
    returned.refresh_from_db()
    assert returned.state == TicketState.RETURNED
